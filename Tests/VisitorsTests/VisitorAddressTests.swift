import Visitors
import XCTest

final class VisitorAddressTests: XCTestCase {
  private func normalForm(_ address: String) -> String {
    var address = address
    var form = ""
    address.withUTF8 { bytes in
      VisitorAddress.withNormalForm(of: bytes) { form = String(decoding: $0, as: UTF8.self) }
    }
    return form
  }

  func testAnIPv4AddressIsTheSameInEverySpellingThatMapsItIntoIPv6() {
    for spelling in [
      "203.0.113.7", "::ffff:203.0.113.7", "::FFFF:203.0.113.7", "::ffff:cb00:7107",
      "::FfFf:CB00:7107", "0:0:0:0:0:ffff:203.0.113.7", "0:0:0:0:0:FFFF:cb00:7107",
      "0000:0000:0000:0000:0000:ffff:203.0.113.7", "0::ffff:203.0.113.7", "::0:ffff:cb00:7107",
    ] {
      XCTAssertEqual(normalForm(spelling), "203.0.113.7", spelling)
    }
    XCTAssertEqual(normalForm("::ffff:0:0"), "0.0.0.0")
    XCTAssertEqual(normalForm("::ffff:255.255.255.255"), "255.255.255.255")
  }

  func testEveryOtherAddressAndWhatIsNoneStaysAsItIs() {
    for text in [
      "", "2001:db8::1", "::1", "::", "::203.0.113.7", "64:ff9b::203.0.113.7",
      "::ffff:0:203.0.113.7", "0:0:0:0:0:fffe:cb00:7107", "::ffff:203.0.113.256",
      "::ffff:203.0.113.7%eth0", "::ffff:203.0.113", " ::ffff:203.0.113.7", "0.0.0.0", "unix:",
      "::ffff:203.0.113.7\0", String(repeating: "0", count: 46) + ":", "00000:ffff:1.2.3.4",
      String(repeating: ":", count: 64),
    ] {
      XCTAssertEqual(normalForm(text), text)
    }
  }
}
