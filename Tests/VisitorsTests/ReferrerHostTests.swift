import Visitors
import XCTest

/// `ClickSQLTests` compares it with ClickHouse.
final class ReferrerHostTests: XCTestCase {
  private func host(_ referrer: String) -> String {
    var referrer = referrer
    var host = ""
    referrer.withUTF8 { bytes in
      ReferrerHost.withHost(of: bytes) { host = String(decoding: $0, as: UTF8.self) }
    }
    return host
  }

  func testEachSpellingOfAHostIsOne() {
    let hosts: [String: [String]] = [
      "a.example": [
        "https://a.example", "http://a.example/", "HTTPS://A.Example:443/x?y#z",
        "https://user:p@ss@a.example./", "https://a.example?q=1", "https://a.example#f",
        "https://a.example/@b.example/", "https://@a.example/", "http://a.example:/",
        "http://a.example.:80", "http://ü@a.example",
      ],
      "www.a.example": ["https://www.a.example/"], "x_y-z": ["https://X_Y-Z/"],
      "[2001:db8::1]": ["https://[2001:DB8::1]:80/", "https://[2001:DB8::1]./"],
      "192.0.2.1": ["http://192.0.2.1:8080/"], "a": ["http://a"],
      "xn--bcher-kva.example": ["https://xn--bcher-kva.example/b%C3%BC"],
      String(repeating: "a", count: 253): ["https://\(String(repeating: "A", count: 253)).:1/"],
    ]
    for (host, referrers) in hosts {
      for referrer in referrers { XCTAssertEqual(self.host(referrer), host, referrer) }
    }
  }

  func testWhatNamesNoHostHasNone() {
    for referrer in [
      "", "a.example", "//a.example/", "android-app://a.example/", "http", "http:", "http://",
      "javascript:https://a.example/", "https://", "https:///a.example", "https://a..example/",
      "https://.a.example/", "https://a b/", "https://bücher.example/", "httpss://a/", "http:/a/",
      "https://a.example\\@b.example/", "https://b@a.example\\", "https://?x=@a.example/",
      "https://a.example:port/", "https://a.example\n.b.example/", "'", "https://a@", "https://./",
      "https://[]/", "https://[::1/", "https://[::g]/", "https://[::1]x/", "https://a:80:80/",
      "https://a..", "https://:80/", "ſttp://a/", "https://\(String(repeating: "a", count: 254))/",
    ] { XCTAssertEqual(host(referrer), "", referrer) }
  }
}
