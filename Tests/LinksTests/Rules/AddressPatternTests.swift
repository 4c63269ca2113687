import Links
import TestSupport
import XCTest

final class AddressPatternTests: XCTestCase {
  private func assert(
    _ pattern: String, includes: [String], not others: [String] = [], line: UInt = #line
  ) {
    for (addresses, expected) in [(includes, true), (others, false)] {
      for address in addresses {
        XCTAssertEqual(
          Visitor(address: address).meets(.address, pattern), expected, "\(pattern), \(address)",
          line: line)
      }
    }
  }

  func testAStaticAddressIsItselfInEachSpelling() {
    assert("1.2.3.4", includes: ["1.2.3.4", "::ffff:1.2.3.4"], not: ["1.2.3.5", "::1.2.3.4", ""])
    assert(
      "2001:DB8::1", includes: ["2001:db8::1", "2001:0db8:0:0:0:0:0:1"], not: ["2001:db8::2", "x"])
  }

  func testABlockIncludesTheAddressesOfItsPrefix() {
    assert("192.168.10.77/24", includes: ["192.168.10.0", "192.168.10.255"], not: ["192.168.11.0"])
    assert("10.0.0.0/31", includes: ["10.0.0.0", "10.0.0.1"], not: ["10.0.0.2"])
    assert("0.0.0.0/0", includes: ["9.9.9.9"], not: ["2001:db8::1"])
    assert("2001:db8::/33", includes: ["2001:db8:7fff::1"], not: ["2001:db8:8000::"])
    assert("2001:db8::/64", includes: ["2001:db8::ffff"], not: ["2001:db8:0:1::"])
    assert("2001:db8::/127", includes: ["2001:db8::1"], not: ["2001:db8::2"])
    assert("2001:db8::5/128", includes: ["2001:db8::5"], not: ["2001:db8::4"])
    assert("::/0", includes: ["2001:db8::1", "::1"], not: ["1.2.3.4"])
  }

  func testAWildcardStandsForOnePartWhereverItIs() {
    assert("11.22.*.*", includes: ["11.22.0.0", "11.22.255.9"], not: ["11.23.0.0"])
    assert("11.*.22.4", includes: ["11.9.22.4"], not: ["11.9.22.5", "12.9.22.4"])
    assert("*.*.*.*", includes: ["1.1.1.1"], not: ["::1"])
    assert("2001:db8:*::7", includes: ["2001:db8:ffff::7"], not: ["2001:db8:0:1::7"])
    assert("2001:db8::*", includes: ["2001:db8::ffff"], not: ["2001:db8::1:0"])
    assert("2001:db8:0:0:0:0:*:*", includes: ["2001:db8::9:9"], not: ["2001:db8::1:9:9"])
  }

  func testWhatIsNoPatternIsRefused() {
    for text in [
      "", " ", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.4/33", "1.2.3.4/",
      "1.2.3.4/-1", "1.2.3.4/+1", "1.2.3.4/1/2", "/8", "::/129", "1.2.3.*/24", "1*.2.3.4",
      "1.2.**.4",
      "*", "*.*", "fe80::1%eth0", "2001:db8::1::2", "2001:1*::", "::ffff:1.2.3.*", "[::1]",
      String(repeating: "1", count: 400),
    ] {
      XCTAssertNil(AddressPattern(text), text)
    }
  }

  func testAnAddressIsWrittenInItsShortestForm() {
    for (text, written) in [
      ("1.2.3.4", "1.2.3.4"), ("::ffff:1.2.3.4", "1.2.3.4"), ("2001:DB8:0:0::1", "2001:db8::1"),
      ("::", "::"), ("255.255.255.255", "255.255.255.255"),
    ] {
      XCTAssertEqual(IPAddress(text)?.description, written)
    }
  }
}
