import Foundation
import TestSupport
import XCTest

/// What nginx does of itself: identities, origins, limits, the request log, the API's pages.
final class NginxSiteTests: XCTestCase {
  func testAllowedOriginsMayCallAndOthersMayNot() throws {
    let http = try Site().http
    let preflight = [("Access-Control-Request-Method", "POST")]
    let allowed = try http.request(
      "OPTIONS", "/shorten", [("Origin", "https://app.example")] + preflight)
    XCTAssertEqual(allowed.status, 204)
    XCTAssertEqual(allowed["access-control-allow-origin"], "https://app.example")
    XCTAssertEqual(allowed["access-control-allow-headers"], "Content-Type")
    XCTAssertEqual(allowed["vary"], "Origin")
    let other = try http.request(
      "OPTIONS", "/shorten", [("Origin", "https://evil.example")] + preflight)
    XCTAssertNil(other["access-control-allow-origin"])
    let simple = try http.get("/health", [("Origin", "https://app.example")])
    XCTAssertEqual(simple.all("access-control-allow-origin"), ["https://app.example"])
    XCTAssertTrue(simple["access-control-expose-headers"]?.contains("X-Request-Id") == true)
  }

  func testTheRequestLogHasALineOfJSONForEveryRequest() throws {
    let site = try Site()
    let answer = try site.http.get("/no-such-code\"quote", [("User-Agent", "a\"b\\c\u{1F600}")])
    let id = try XCTUnwrap(answer["x-request-id"])
    let path = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    var line: String?
    _ = try eventually(seconds: 10) {
      // nginx passes bytes that are not UTF-8 as they came; other tests send some.
      line = try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        .split(separator: "\n").last { $0.contains(id) }.map(String.init)
      return line != nil
    }
    let entry = try XCTUnwrap(
      JSONSerialization.jsonObject(with: Data(XCTUnwrap(line).utf8)) as? [String: Any])
    XCTAssertEqual(entry["request_id"] as? String, id)
    XCTAssertEqual(entry["status"] as? Int, 404)
    XCTAssertNotNil(entry["upstream_seconds"])
    XCTAssertEqual(entry["user_agent"] as? String, "a\"b\\c\u{1F600}")
  }

  func testAClientCannotNameItsOwnAddressOrRequestId() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/address")
    let forged = String(repeating: "a", count: 32)
    let answer = try site.http.get(
      "/\(code)",
      [
        ("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9"),
        ("X-Request-Id", forged), ("REMOTE_ADDR", "203.0.113.9"), ("Request-Id", forged),
      ])
    XCTAssertNotEqual(answer["x-request-id"], forged)
    _ = try site.stats(code, clicks: 1)
    XCTAssertEqual(
      try ClickHouseClient.query(
        "SELECT ip_address FROM click_events WHERE short_code = '\(code)'"), "127.0.0.1\n")
  }

  func testTheAPIsPagesAreServedFromOurOwnDisk() throws {
    let http = try Site().http
    for path in ["/docs", "/redoc"] {
      let page = try http.get(path)
      XCTAssertEqual(page.status, 200)
      XCTAssertTrue(page["content-type"]?.hasPrefix("text/html") == true)
      XCTAssertNotNil(page["content-security-policy"])
      XCTAssertFalse(page.text.contains("https://"), path)
      for reference in page.text.matches(of: /(?:src|href)="([^"]+)"/).map({ String($0.1) }) {
        XCTAssertEqual(try http.get(reference).status, 200, "\(path): \(reference)")
      }
    }
    let description = try http.get("/openapi.json")
    XCTAssertEqual(description["content-type"], "application/json")
    XCTAssertEqual(try Site().json(description)?["openapi"] as? String, "3.1.0")
  }

  func testEveryAnswerCarriesTheSafetyHeadersAndNoVersion() throws {
    let http = try Site().http
    for path in ["/health", "/docs", "/zzzzz", "/stats/health"] {
      let answer = try http.get(path)
      XCTAssertEqual(answer["x-content-type-options"], "nosniff", path)
      XCTAssertEqual(answer["server"], "nginx", path)
      XCTAssertEqual(answer.all("x-request-id").count, 1, path)
    }
  }
}
