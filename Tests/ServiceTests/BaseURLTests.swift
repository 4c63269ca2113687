import XCTest

@testable import Service

final class BaseURLTests: XCTestCase {
  /// A value, what short URLs begin with, and the host that nginx answers to.
  private let taken = [
    ("http://localhost:8080", "http://localhost:8080", "localhost"),
    ("https://Sho.RT/", "https://sho.rt", "sho.rt"),
    ("HTTPS://Sho.RT:8443/", "https://sho.rt:8443", "sho.rt"),
    ("http://my_host-1.example:00080", "http://my_host-1.example:80", "my_host-1.example"),
    ("http://203.0.113.7:81", "http://203.0.113.7:81", "203.0.113.7"),
    ("http://[2001:db8::1]", "http://[2001:db8::1]", "[2001:db8::1]"),
    ("https://[2001:DB8:0:0:0::1]:8443/", "https://[2001:db8::1]:8443", "[2001:db8::1]"),
    ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example", "xn--bcher-kva.example"),
  ]
  private let refused = [
    "sho.rt", "//sho.rt", "ftp://sho.rt", "http://", "http:///", "http:/sho.rt",
    "https://sho.rt/go",
    "https://sho.rt/go/", "https://sho.rt//", "https://sho.rt?x", "https://sho.rt#x",
    "https://u@sho.rt", "https://u:p@sho.rt/", "https://sho.rt:", "https://sho.rt:0",
    "https://sho.rt:65536", "https://sho.rt:100000", "https://sho.rt:x", "https://:80",
    "https://sho rt", "https://sho.rt ", "https://b\u{FC}cher.example", "https://\u{212A}.example",
    "https://.sho.rt", "https://sho.rt.", "https://sho..rt", "https://*.sho.rt",
    "https://sho;rt",
    "http://[2001", "http://[2001:db8::1", "http://2001:db8::1", "http://[::1]x",
    "http://[1.2.3.4]",
    "http://[]", "http://[fe80::1%25eth0]", "http://[1::2::3]", "http://1.2.3", "http://1.2.3.256",
    "http://2130706433", "http://x.0x7F", "http://01.2.3.4",
    "http://\(String(repeating: "a", count: 64)).example",
    "http://\(String(repeating: "a.", count: 127))com",
  ]

  func testThePathlessOriginIsTakenAndNormalized() throws {
    for (value, url, host) in taken {
      let read = try XCTUnwrap(BaseURL(value), value)
      XCTAssertEqual(read.description, url)
      XCTAssertEqual(read.host, host)
    }
  }

  func testWhatNginxWouldNotServeIsRefusedInOneLineThatNamesTheVariable() {
    for value in refused {
      XCTAssertThrowsError(try Settings(Variables(["BASE_URL": value])), value) { error in
        XCTAssertTrue("\(error)".hasPrefix("BASE_URL: "), "\(error)")
      }
    }
  }

  func testItsOriginIsWhatBrowsersSend() throws {
    for (text, origin) in [
      ("http://localhost:8080", "http://localhost:8080"), ("https://Sho.RT/", "https://sho.rt"),
      ("https://s.example:443", "https://s.example"), ("http://s.example:80", "http://s.example"),
      ("http://s.example:443", "http://s.example:443"),
      ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
    ] {
      XCTAssertEqual(try XCTUnwrap(BaseURL(text), text).origin, origin)
    }
  }
}
