import Foundation
import TestSupport
import XCTest

/// What nginx does for the REST API: its place, its origins, its limits, and what it keeps to itself.
final class RESTSiteTests: XCTestCase {
  private static let app = "https://app.example"
  private static let stranger = ("Origin", "https://stranger.example")
  private static let nowhere = "/rest/v3/no-such-thing"

  /// Asserts that an answer is a problem of Shlink's types.
  private func assertShlink(
    _ answer: HTTPClient.Answer, _ type: String, _ status: Int, _ note: String, line: UInt = #line
  ) {
    XCTAssertEqual(answer.status, status, note, line: line)
    XCTAssertEqual(answer["content-type"], "application/problem+json", note, line: line)
    XCTAssertEqual(
      try answer.json["type"].text, "https://shlink.io/api/error/" + type, note, line: line)
    XCTAssertEqual(answer.all("x-request-id").count, 1, note, line: line)
  }

  func testWhatIsNotThereIsNotFoundWhateverTheMethod() throws {
    // The fast path answers what looks like a code.
    let site = try LimitedSite(["LIMIT_REST": "0", "FAST_PATH": "1"])
    var ids: [String] = []
    for path in ["/rest", "/rest/", "/rest?a=b", Self.nowhere, "/rest/v4/short-urls", "/%72est/"] {
      for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        let answer = try site.http.request(method, path)
        assertShlink(answer, "not-found", 404, "\(method) \(path)")
        ids.append(try XCTUnwrap(answer["x-request-id"]))
      }
      let head = try site.http.request("HEAD", path)
      XCTAssertEqual(head.status, 404)
      XCTAssertEqual(head.text, "")
    }
    for id in ids {
      let log = try site.logLine(of: id)
      XCTAssertTrue(log.contains("shortener-api.sock"), log)
    }
    // Nobody's path but that of a link.
    assertProblem(try site.http.get("/restful"), 404)
  }

  func testEveryOriginMayReadEveryAnswer() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    func assertReadable(_ answer: HTTPClient.Answer, _ note: String, line: UInt = #line) {
      XCTAssertEqual(answer.all("access-control-allow-origin"), ["*"], note, line: line)
      XCTAssertEqual(answer.all("vary"), ["Origin"], note, line: line)
      XCTAssertEqual(answer.all("access-control-allow-credentials"), [], note, line: line)
      XCTAssertEqual(
        answer["access-control-expose-headers"],
        "Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id", note, line: line)
    }
    for path in ["/rest", "/rest/", Self.nowhere, "/%72est/v3/x"] {
      for method in ["GET", "HEAD", "DELETE"] {
        assertReadable(try site.http.request(method, path, [Self.stranger]), "\(method) \(path)")
      }
    }
    // Refused by nginx before it has found the location; and afterwards.
    let large = try site.http.request(
      "PATCH", Self.nowhere, [Self.stranger, ("Content-Length", "65537")])
    assertProblem(large, 413)
    assertReadable(large, "too large")
    let traced = try site.http.request("TRACE", Self.nowhere, [Self.stranger])
    assertProblem(traced, 405)
    assertReadable(traced, "TRACE")
    XCTAssertEqual(traced["allow"], "GET, HEAD, POST, PUT, PATCH, DELETE")

    let own = try site.http.get(Self.nowhere)
    XCTAssertNil(own["access-control-allow-origin"], "no origin was sent")
    XCTAssertEqual(own["vary"], "Origin")
    // CORS_ORIGINS goes on to hold for all else.
    for path in ["/health", "/stats/none", "/restful", "/rest/..%2Fopenapi.json", "/rest/../docs"] {
      XCTAssertNil(try site.http.get(path, [Self.stranger])["access-control-allow-origin"], path)
    }
    XCTAssertEqual(
      try site.http.get("/health", [("Origin", Self.app)])["access-control-allow-origin"], Self.app)
  }

  func testAPreflightIsAnsweredByNginxWithoutAKey() throws {
    let site = try LimitedSite(["LIMIT_REST": "1"])
    let wanted = "x-api-key, Content-Type, X-Of-A-Later-Client"
    for path in ["/rest/v3/short-urls", Self.nowhere] {
      // Beyond any limit: browsers send one with each change.
      for turn in 0..<120 {
        let answer = try site.http.request(
          "OPTIONS", path,
          [
            Self.stranger, ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", wanted),
          ])
        XCTAssertEqual(answer.status, 204, "\(turn)")
        XCTAssertEqual(answer["access-control-allow-origin"], "*")
        XCTAssertEqual(
          answer["access-control-allow-methods"], "GET, HEAD, POST, PUT, PATCH, DELETE")
        XCTAssertEqual(answer["access-control-allow-headers"], wanted)
        XCTAssertEqual(answer["access-control-max-age"], "3600")
        XCTAssertNil(answer["access-control-allow-credentials"])
      }
    }
    let plain = try site.http.request(
      "OPTIONS", Self.nowhere, [Self.stranger, ("Access-Control-Request-Method", "PUT")])
    XCTAssertNil(plain["access-control-allow-headers"], "none was asked for")
    let shorten = try site.http.request(
      "OPTIONS", "/shorten",
      [
        ("Origin", Self.app), ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", wanted),
      ])
    XCTAssertEqual(shorten["access-control-allow-methods"], "GET, HEAD, POST")
    XCTAssertEqual(shorten["access-control-allow-headers"], "Content-Type")
  }

  func testNamedOriginsMayCallTheRESTAPIAndNoOthers() throws {
    let site = try LimitedSite(["LIMIT_REST": "0", "REST_CORS_ORIGINS": "https://rest.example"])
    let preflight = ("Access-Control-Request-Method", "PATCH")
    for path in [Self.nowhere, "/%72est/v3/x"] {
      let named = try site.http.request(
        "OPTIONS", path, [("Origin", "https://rest.example"), preflight])
      XCTAssertEqual(named.status, 204)
      XCTAssertEqual(named["access-control-allow-origin"], "https://rest.example")
      for origin in [Self.app, Self.stranger.1, "null"] {
        let other = try site.http.request("OPTIONS", path, [("Origin", origin), preflight])
        assertShlink(other, "not-found", 404, origin)
        XCTAssertNil(other["access-control-allow-origin"], origin)
        let simple = try site.http.get(path, [("Origin", origin)])
        XCTAssertNil(simple["access-control-allow-origin"], origin)
      }
    }
  }

  func testRequestsBeyondTheRateAreRefusedForThisClientAlone() throws {
    let site = try LimitedSite(["LIMIT_REST": "1"])
    var http = site.http
    var statuses: [Int] = []
    while statuses.last != 429, statuses.count < 400 {
      let method = ["GET", "PATCH", "OPTIONS"][statuses.count % 3]
      statuses.append(try http.request(method, Self.nowhere, [Self.stranger]).status)
    }
    let answered = statuses.dropLast()
    XCTAssertGreaterThanOrEqual(answered.count, 101, "one, and the 100 that may come in one go")
    XCTAssertEqual(Set(answered), [404])
    let refused = try http.get(Self.nowhere, [Self.stranger])
    assertProblem(refused, 429)
    XCTAssertEqual(refused.all("retry-after"), ["1"])
    XCTAssertEqual(refused["access-control-allow-origin"], "*")
    let log = try site.logLine(of: XCTUnwrap(refused["x-request-id"]))
    XCTAssertTrue(log.contains(#""upstream":"""#), log)

    // The same client may go on with all else, and others with this.
    XCTAssertEqual(try http.get("/health").status, 200)
    XCTAssertEqual(try http.post("/shorten", json: "{}").status, 422)
    http.source = 2
    XCTAssertEqual(try http.get(Self.nowhere).status, 404)
  }

  /// Copied rules come before the new site file; nginx may be started anew in between.
  func testTheRulesServeASiteFileThatKnowsNothingOfTheRESTAPI() throws {
    let site = try LimitedSite([:]) { site in
      site.replacing(/[ ]*include swiftlet\/(rest|qr-codes|robots)\.conf;\n/, with: "")
        .replacing(/limit_req_zone [^;]*swiftlet_rest[^;]*;/, with: "")
        .replacing(/upstream swiftlet_api_once \{[^}]*\}/, with: "")
        .replacing(/map \$http_origin \$swiftlet_rest_origin \{[^}]*\}/, with: "")
        .replacing(/map \$swiftlet_is_rest \$swiftlet_cors_origin \{[^}]*\}/, with: "")
        .replacing("$swiftlet_site_origin", with: "$swiftlet_cors_origin")
    }
    let app = [("Origin", Self.app)]
    for method in ["GET", "PATCH"] {
      assertProblem(try site.http.request(method, Self.nowhere, app), 404, method)
    }
    XCTAssertEqual(try site.http.get("/health", app)["access-control-allow-origin"], Self.app)
    let preflight = app + [("Access-Control-Request-Method", "POST")]
    XCTAssertEqual(try site.http.request("OPTIONS", "/shorten", preflight).status, 204)
  }

  func testNoKeyIsEverInALog() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    let key = "secret-\(UUID().uuidString)"
    var ids: [String] = []
    for fields in [
      [("X-Api-Key", key)], [("Authorization", "Bearer \(key)")],
      [("X-Api-Key", key), ("Content-Length", "65537")],
      // Too large for nginx.
      [("X-Api-Key", key + String(repeating: "a", count: 40_000))],
    ] {
      for method in ["GET", "PATCH"] {
        let answer = try site.http.request(method, Self.nowhere, fields)
        XCTAssertGreaterThanOrEqual(answer.status, 400)
        ids.append(try XCTUnwrap(answer["x-request-id"]))
      }
    }
    for id in ids { XCTAssertNotEqual(try site.logLine(of: id), "") }
    for name in ["access.log", "error.log", "nginx.log"] {
      XCTAssertFalse(try site.log(name).contains(key), name)
    }
    // The programs' own.
    let logs = try TestStack.value("SWIFTLET_LOG")
    for name in try FileManager.default.subpathsOfDirectory(atPath: logs) {
      let file = URL(fileURLWithPath: logs).appendingPathComponent(name)
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
        continue
      }
      XCTAssertNil(try Data(contentsOf: file).range(of: Data(key.utf8)), name)
    }
  }
}
