import Foundation
import TestSupport
import XCTest

/// Requests with an API key are held to the key's limit, not to those of addresses.
final class KeyLimitSiteTests: XCTestCase {
  private static let list = "/rest/v3/short-urls"
  private static let limits = ["LIMIT_REST": "1", "LIMIT_CREATIONS": "1", "LIMIT_STATS": "1"]

  /// The statuses of equal requests.
  private func statuses(
    _ site: LimitedSite, _ count: Int, _ method: String, _ path: String,
    _ fields: [(String, String)]
  ) throws -> [Int: Int] {
    var statuses: [Int: Int] = [:]
    for _ in 0..<count {
      let answer = try site.http.request(
        method, path, [("Content-Type", "application/json")] + fields,
        body: method == "POST" ? Array("{}".utf8) : nil)
      statuses[answer.status, default: 0] += 1
    }
    return statuses
  }

  /// This stack has no limit of wrong keys; the tests of workers show it.
  func testARequestWithAKeyIsLookedAtByAWorkerAndCountedByNoAddress() throws {
    let site = try LimitedSite(Self.limits)
    for (method, path, count) in [
      ("GET", Self.list, 150), ("POST", "/shorten", 60), ("GET", "/stats/none", 100),
    ] {
      for field in [("X-Api-Key", "wrong"), ("Authorization", "bearer wrong")] {
        XCTAssertEqual(
          try statuses(site, count, method, path, [field]), [401: count], "\(path) \(field)")
      }
    }
  }

  func testWhatIsNoKeyForAWorkerIsCountedByItsAddress() throws {
    for fields in [
      [], [("X-Api-Key", "")], [("Authorization", "Basic d3Jvbmc6d3Jvbmc=")],
      [("Authorization", "Bearer")], [("Authorization", "")], [("X-Api-Keys", "wrong")],
    ] {
      let site = try LimitedSite(Self.limits)
      for (method, path, count, answered) in [
        ("GET", Self.list, 150, 401), ("POST", "/shorten", 60, 422),
        ("GET", "/stats/none", 100, 404),
      ] {
        let statuses = try statuses(site, count, method, path, fields)
        XCTAssertEqual(Set(statuses.keys), [answered, 429], "\(path) \(fields)")
      }
    }
  }

  func testNoKeyInAQueryIsInALogHoweverItIsWritten() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    let key = "secret-\(UUID().uuidString)"
    var ids: [String] = []
    for path in [
      "/rest/v3/short-urls/shorten?apiKey=\(key)&longUrl=https://example.com/",
      "/rest/v1/short-urls/shorten?longUrl=a&apiKey=\(key)", "/rest/v3/short-urls?a&apiKey=\(key)",
      "/rest/v3/short-urls/shorten?%61pi%4bey=\(key)",
      "/rest/v3/short-urls/shorten?APIKEY[]=\(key)",
      "/rest/v3/short-urls/shorten?a=?&%41%50%49%4B%45%59=\(key)&b=\(key)", "/code?apiKey=\(key)",
      "/rest/v3/short%2Durls/shorten?apiKey=\(key)",
    ] {
      for method in ["GET", "POST"] {
        let answer = try site.http.request(
          method, path, [("Referer", "https://example.com" + path)])
        ids.append(try XCTUnwrap(answer["x-request-id"]))
      }
    }
    // nginx answers a request with other blanks, too.
    for (line, status) in [
      ("GET  /rest/v3/short-urls/shorten?apiKey=\(key) HTTP/1.1", 401),
      ("GET /rest/v3/short-urls/shorten?longUrl=https://e.com/a b&apiKey=\(key) HTTP/1.1", 400),
    ] {
      let answer = try site.http.exchange(
        Array("\(line)\r\nHost: s\r\nConnection: close\r\n\r\n".utf8))
      XCTAssertEqual(answer.status, status, line)
    }
    for id in ids {
      let line = try JSONAnswer(site.logLine(of: id))
      let (request, referrer) = try (line["request"].text, line["referrer"].text)
      XCTAssertTrue(request.hasSuffix("?*** HTTP/1.1"), request)
      XCTAssertTrue(referrer.hasSuffix("?***"), referrer)
    }
    // Others are as they were.
    let plain = try site.http.get(
      "/rest/v3/short-urls?searchTerm=api", [("Referer", "https://a/?b")])
    let line = try JSONAnswer(site.logLine(of: XCTUnwrap(plain["x-request-id"])))
    XCTAssertEqual(try line["request"].text, "GET /rest/v3/short-urls?searchTerm=api HTTP/1.1")
    XCTAssertEqual(try line["referrer"].text, "https://a/?b")
    for name in ["access.log", "error.log", "nginx.log"] {
      XCTAssertFalse(try site.log(name).contains(key), name)
    }
  }

  /// nginx writes requests that fail into its error log, with their queries.
  func testAKeyInAQueryIsInNoLogWhenNoWorkerAnswers() throws {
    let directory = try ScratchDirectory("nobody")
    let site = try LimitedSite(["SWIFTLET_RUN": directory.path, "LIMIT_REST": "0"])
    let key = "secret-\(UUID().uuidString)"
    for path in ["/rest/v3/short-urls/shorten", "/rest/v2/short-urls/shorten/"] {
      assertProblem(try site.http.get(path + "?longUrl=a&apiKey=\(key)"), 502)
    }
    assertProblem(try site.http.get("/rest/v3/short-urls"), 502)
    XCTAssertTrue(
      try eventually(seconds: 20) { try site.log("error.log").contains("/rest/v3/short-urls") })
    for name in ["access.log", "error.log", "nginx.log"] {
      XCTAssertFalse(try site.log(name).contains(key), name)
    }
  }
}
