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
    let entry = try JSONAnswer(XCTUnwrap(line))
    XCTAssertEqual(try entry["request_id"].text, id)
    XCTAssertEqual(try entry["status"].number, 404)
    XCTAssertNoThrow(try entry["upstream_seconds"])
    XCTAssertEqual(try entry["user_agent"].text, "a\"b\\c\u{1F600}")
  }

  func testALongPathThatLeadsNowhereIsJudgedInOneReading() throws {
    let http = try Site().http
    let long = String(repeating: "-", count: 30_000)
    for (path, kind) in [
      ("/\(long)a/b", "not-found"), ("/\(long)/b", "not-found"), ("/stats/\(long)a/b", "not-found"),
      ("/\(long)", "short-url-not-found"), ("/a\(long)/?b/c", "short-url-not-found"),
      ("/a/\(long)&b/c", "short-url-not-found"), ("/&", "short-url-not-found"),
      ("//", "not-found"), ("/", "not-found"),
    ] {
      let answer = try http.get(path)
      assertProblem(answer, 404)
      XCTAssertTrue(
        answer.text.contains("urn:problem-type:swiftlet:\(kind)\""),
        "\(path.suffix(10)): \(answer.text)")
    }
    // PCRE gives up at a number of steps, and nginx says so at once.
    let log = try Data(
      contentsOf: URL(fileURLWithPath: TestStack.value("SWIFTLET_LOG") + "/error.log"))
    let complaint = String(decoding: log, as: UTF8.self).split(separator: "\n")
      .first { $0.contains("pcre") }
    XCTAssertNil(complaint.map { $0.prefix(200) })
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
        "SELECT ip_address FROM visits WHERE code = '\(code)'"), "127.0.0.1\n")
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
    XCTAssertEqual(try description.json["openapi"].text, "3.1.0")
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

  func testEveryErrorOfNginxsOwnIsProblemDetails() throws {
    let http = try Site().http
    let cases: [(method: String, path: String, fields: [(String, String)], status: Int)] = [
      ("GET", "/stats", [], 404), ("HEAD", "/stats", [], 404), ("POST", "/stats", [], 404),
      ("GET", "/stats?x", [], 404), ("GET", "/%73tats", [], 404), ("GET", "/stats/", [], 404),
      ("GET", "/docs/", [], 404), ("GET", "/docs/assets", [], 404),
      ("GET", "/docs/assets/", [], 403),
      ("GET", "/docs/assets/none.js", [], 404), ("POST", "/docs", [], 405),
      ("GET", "/openapi.json", [("If-Match", "\"other\"")], 412),
      ("GET", "/docs", [("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")], 412),
      ("TRACE", "/", [], 405), ("GET", "/.problem/404", [], 404),
    ]
    for (method, path, fields, status) in cases {
      let answer = try http.request(method, path, fields)
      XCTAssertEqual(answer.status, status, "\(method) \(path)")
      XCTAssertEqual(answer["content-type"], "application/problem+json", "\(method) \(path)")
      if method != "HEAD" { assertProblem(answer, status, "\(method) \(path)") }
    }
    let beyond = try http.get("/openapi.json", [("Range", "bytes=99999999-")])
    XCTAssertEqual(beyond.status, 200, "an answer is sent whole, whatever range is asked for")
  }
}
