import Curl
import Destinations
import Links
import XCTest

/// What a browser makes of a host, as the WHATWG URL standard has it; where `nil`, it opens none or
/// readers may disagree, so that the host must be refused.
final class HostTests: XCTestCase {
  private func host(_ written: String) -> String? {
    guard let own = try? OwnHosts([]),
      let url = try? DestinationURL("https://\(written)/", ownHosts: own).description
    else { return nil }
    return String(url.dropFirst("https://".count).dropLast())
  }

  private func assertHosts(
    _ hosts: [(written: String, opened: String?)], file: StaticString = #filePath,
    line: UInt = #line
  ) {
    for (written, opened) in hosts {
      let name = written.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
      XCTAssertEqual(host(written), opened, name, file: file, line: line)
      guard let opened else { continue }
      let second = WebAddress("https://\(opened)/")
      XCTAssertEqual(second?.host, opened, "libcurl reads another host", file: file, line: line)
    }
  }

  func testAnInternationalizedHostIsTheOneThatABrowserOpens() {
    assertHosts([
      ("Bücher.example", "xn--bcher-kva.example"), ("bücher.example.", "xn--bcher-kva.example."),
      ("日本語.example", "xn--wgv71a119e.example"), ("faß.example", "xn--fa-hia.example"),
      ("FAß.Example", "xn--fa-hia.example"), ("έργος.gr", "xn--ixam0bgh.gr"),
      ("ΈΡΓΟΣ.gr", "xn--ixam0bgm.gr"), ("ශ්\u{200D}රී.example", "xn--10cl1a0b660p.example"),
      ("نامه\u{200C}ای.ir", "xn--mgba3gch31f060k.ir"), ("a\u{AD}b.example", "ab.example"),
      ("o\u{308}.example", "xn--nda.example"), ("-x.ü.example", "-x.xn--tda.example"),
      ("ab--c.ß.example", "ab--c.xn--zca.example"),
      ("a_b.bücher.example", "a_b.xn--bcher-kva.example"),
      ("x.xn--zca.ß", "x.xn--zca.xn--zca"), ("\u{64A}.", "xn--mhb."), ("1.\u{64A}", "1.xn--mhb"),
      ("bücher\u{3002}example", "xn--bcher-kva.example"),
      ("bücher\u{FF0E}example\u{FF61}", "xn--bcher-kva.example."),
      ("ｅｘａｍｐｌｅ.com", "example.com"), ("１９２.０.２.１", "192.0.2.1"), ("ⅷ.example", "viii.example"),
    ])
  }

  func testAHostThatReadersTakeForDifferentOnesIsRefused() {
    // Beside a character that IDNA 2008 disallows, ß and its like became those of another domain.
    assertHosts([
      ("faß❤.example", nil), ("ς☃.example", nil), ("a\u{200D}❤.example", nil),
      ("faß.❤.example", nil),
      // ß since Unicode 15.1, ss before.
      ("FAẞ.example", nil),
      ("i❤.ws", nil), ("\u{200D}.example", nil), ("يa.example", nil), ("\u{FFFD}.com", nil),
      ("xn--tešla.example", nil), ("\u{64A}.1", nil), ("０x7f.1", nil), ("x.²", nil),
      ("a℀b.example", nil), ("a⁇b.example", nil), ("\u{3002}a", nil), ("a\u{3002}\u{3002}b", nil),
      ("☃", nil), ("１２７.1", nil), ("\(String(repeating: "ü", count: 60)).example", nil),
    ])
  }

  func testPunycodeThatNoBrowserOpensIsRefused() {
    assertHosts([
      ("xn--a", nil), ("xn--a.example", nil), ("XN--A.example", nil), ("xn--.example", nil),
      ("xn--abc.example", nil), ("xn--abc-.example", nil), ("xn--1ug.example", nil),
      ("xn--a-yoc.example", nil), ("xn--zn7c.com", nil), ("xn--o-ecb.example", nil),
      ("xn--ab-8e5a.example", nil), ("xn--60i.example", nil), ("xn--qei9934e.example", nil),
      ("xn--1ug010a.example", nil), ("xn--4db603o.example", nil), ("xn--99999999.example", nil),
      ("xn--bcher-kva.example", "xn--bcher-kva.example"),
      ("XN--Bcher-KVA.Example", "XN--Bcher-KVA.Example"),
      ("xn--fa-hia.de", "xn--fa-hia.de"), ("xn--10cl1a0b660p", "xn--10cl1a0b660p"),
      // Symbols, which IDNA 2008 disallows and browsers open.
      ("xn--i-7iq.ws", "xn--i-7iq.ws"), ("xn--ls8h.la", "xn--ls8h.la"), ("xn--1ch", "xn--1ch"),
      ("xn--fa-hia8550b.example", "xn--fa-hia8550b.example"),
    ])
  }

  func testANumberIsAHostOnlyWhereItIsAnAddressForEveryReader() {
    assertHosts([
      ("192.0.2.1", "192.0.2.1"), ("2130706433", nil), ("2130706433.", nil),
      ("0x7f.1", nil), ("0x7f.1.", nil), ("0x", nil), ("0X7F000001", nil), ("017700000001", nil),
      ("192.0.2.1.", nil), ("192.0.2.01", nil), ("192.0.2.256", nil), ("192.0.2", nil),
      ("1.2.3.4.5", nil),
      ("foo.0x10", nil), ("foo.0x", nil), ("foo.1", nil), ("foo.1.", nil), ("foo.09", nil),
      ("0x10.foo", "0x10.foo"), ("1.foo", "1.foo"), ("foo.0xg", "foo.0xg"), ("foo.1a", "foo.1a"),
      ("[2001:db8::1]", "[2001:db8::1]"), ("[::ffff:7f00:1]", nil), ("[::ffff:192.0.2.1]", nil),
      ("[::192.0.2.1]", nil), ("[::c000:201]", nil), ("[1::2::3]", nil), ("[1:2:3:4:5:6:7]", nil),
      ("[::1%25eth0]", nil), ("[v1.a]", nil), ("[2001:db8::1", nil), ("[2001:db8::1]a", nil),
      ("[]", nil),
    ])
  }

  func testAHostOfOddCharactersIsRefused() {
    assertHosts([
      ("exa%6dple.com", nil), ("%31%32%37.0.0.1", nil), ("a!b.example", nil), ("a b.example", nil),
      ("a..b", nil), (".a", nil), (".", nil), ("a\\b", nil), ("a^b", nil), ("a*.example", nil),
      ("aa--", "aa--"), ("-x", "-x"), ("x-.example", "x-.example"), ("a_b", "a_b"),
      ("EXAMPLE.com.", "EXAMPLE.com."),
      (String(repeating: "a", count: 63), String(repeating: "a", count: 63)),
      (String(repeating: "a", count: 64), nil),
      (String(repeating: "a.", count: 126) + "a", String(repeating: "a.", count: 126) + "a"),
      (String(repeating: "a.", count: 127) + "a", nil),
    ])
  }
}
