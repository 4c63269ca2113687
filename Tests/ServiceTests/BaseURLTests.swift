import Foundation
import TestSupport
import XCTest

@testable import Service

/// `BASE_URL` is read by the programs and by `supervisor/stack site`: one table for both.
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

  func testTheSiteFileAgreesWithThePrograms() throws {
    for (value, _, host) in taken { XCTAssertEqual(try serverNames(value), [host], value) }
    for value in refused {
      let (status, output) = try site(value)
      XCTAssertEqual(status, 1, value)
      XCTAssertTrue(output.hasPrefix("stack: BASE_URL should be "), "\(value): \(output)")
    }
  }

  func testTheSiteListensByBothFamilies() throws {
    let output = try site("https://sho.rt").output
    XCTAssertTrue(output.contains("\n    listen 80;\n    listen [::]:80;\n"), output)
  }

  /// What the site file's server is called.
  private func serverNames(_ value: String) throws -> [String] {
    let output = try site(value).output
    return output.matches(of: /(?m)^    server_name (\S+);$/).map { String($0.1) }
  }

  private func site(_ value: String) throws -> (status: Int32, output: String) {
    let script = URL(fileURLWithPath: #filePath)
      .appendingPathComponent("../../../supervisor/stack").standardized.path
    return try Command.run(
      script, ["site"],
      environment: ["BASE_URL": value, "SWIFTLET_ENV": "/dev/null", "SITE_LISTEN": ""])
  }
}
