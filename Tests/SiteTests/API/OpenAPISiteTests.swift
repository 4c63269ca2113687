import Foundation
import TestSupport
import XCTest

/// The API's description against the running service: each operation with each of its statuses.
final class OpenAPISiteTests: XCTestCase {
  override func tearDownWithError() throws { try Site().waitUntilWell() }

  /// How to bring about each status that can be brought about while every engine is up.
  func testEachOperationAnswersAsDescribed() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/described")
    _ = try site.http.get("/\(code)", [("Referer", "https://ref.example/")])
    _ = try site.stats(code, clicks: 1)
    let down = try site.shorten("https://example.com/taken-down")
    // On a slow machine its connection may come too late for its time limit.
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    let isDown = try eventually(seconds: 60) {
      try Command.run(swiftlet, ["link", "disable", down]).status == 0
    }
    XCTAssertTrue(isDown)
    let domain = "described-\(UUID().uuidString.lowercased()).example"
    let elsewhere = { (method: String) in
      try site.http.exchange(
        Array("\(method) /\(down) HTTP/1.1\r\nHost: \(domain)\r\nConnection: close\r\n\r\n".utf8))
    }
    let place = ["--invalid-short-url", "https://example.com/"]
    let isElsewhere = try eventually(seconds: 60) {
      try Command.run(swiftlet, ["domain", "redirects", domain] + place).status == 0
    }
    XCTAssertTrue(isElsewhere)
    XCTAssertTrue(
      try eventually(seconds: 20) {
        try (0..<15).allSatisfy { _ in try elsewhere("GET").status == 302 }
      })
    let json = [("Content-Type", "application/json")]
    let post = { (body: String, fields: [(String, String)]) in
      try site.http.request("POST", "/shorten", fields, body: Array(body.utf8))
    }
    let good = #"{"original_url":"https://example.com"}"#
    let wrong = [("X-Api-Key", "wrong")]
    let long = String(repeating: "1", count: 40_000)
    let key = [("X-Api-Key", try KeyTenant().key("signing-in"))]
    let session = "/rest/v3/session"
    func signIn(_ body: String, _ fields: [(String, String)]) throws -> HTTPClient.Answer {
      try site.http.request("POST", session, fields, body: Array(body.utf8))
    }
    let cases: [(path: String, method: String, status: Int, HTTPClient.Answer)] = [
      (session, "POST", 201, try signIn("{}", json + key)),
      (session, "POST", 400, try signIn(#"{"code": 1}"#, json + key)),
      (session, "POST", 401, try signIn("{}", json)),
      (session, "POST", 413, try signIn(String(repeating: " ", count: 70_000), json + key)),
      (session, "POST", 415, try signIn("{}", key)),
      ("/shorten", "POST", 401, try post(good, json + wrong)),
      ("/stats/{short_code}", "GET", 401, try site.http.get("/stats/\(code)", wrong)),
      ("/shorten", "POST", 201, try post(good, json)),
      ("/shorten", "POST", 400, try post("{", json)),
      ("/shorten", "POST", 413, try post(String(repeating: " ", count: 70_000), json)),
      ("/shorten", "POST", 415, try post(good, [])),
      ("/shorten", "POST", 422, try post("{}", json)),
      ("/{short_code}", "GET", 301, try site.http.get("/\(code)")),
      ("/{short_code}", "GET", 404, try site.http.get("/zzzz")),
      ("/{short_code}", "GET", 410, try site.http.get("/\(down)")),
      ("/{short_code}", "GET", 302, try elsewhere("GET")),
      ("/{short_code}", "HEAD", 302, try elsewhere("HEAD")),
      ("/{short_code}/track", "GET", 200, try site.http.get("/\(code)/track")),
      ("/{short_code}/track", "GET", 404, try site.http.get("/z/z/track")),
      ("/robots.txt", "GET", 200, try site.http.get("/robots.txt")),
      ("/{short_code}", "HEAD", 301, try site.http.request("HEAD", "/\(code)")),
      ("/{short_code}", "HEAD", 404, try site.http.request("HEAD", "/zzzz")),
      ("/{short_code}", "HEAD", 410, try site.http.request("HEAD", "/\(down)")),
      ("/{shortCode}+", "GET", 200, try site.http.get("/\(code)+")),
      ("/{shortCode}+", "GET", 200, try site.http.get("/\(code)+", VisitorPage.browser)),
      ("/{shortCode}+", "GET", 404, try site.http.get("/zzzz+")),
      ("/{shortCode}/qr-code", "GET", 200, try site.http.get("/\(code)/qr-code")),
      ("/{shortCode}/qr-code", "GET", 404, try site.http.get("/zzzz/qr-code")),
      ("/{shortCode}/qr-code", "GET", 414, try site.http.get("/\(code)/qr-code?size=\(long)")),
      ("/{shortCode}/qr-code", "GET", 422, try site.http.get("/\(code)/qr-code?size=0")),
      ("/stats/{short_code}", "GET", 200, try site.http.get("/stats/\(code)")),
      ("/stats/{short_code}", "GET", 404, try site.http.get("/stats/zzzz")),
      ("/health", "GET", 200, try site.http.get("/health")),
      ("/stats/health", "GET", 200, try site.http.get("/stats/health")),
      ("/rest/health", "GET", 200, try site.http.get("/rest/health")),
      ("/rest/v3/health", "GET", 200, try site.http.get("/rest/v3/health", wrong)),
      ("/metrics", "GET", 200, try site.http.get("/metrics")),
      ("/metrics", "GET", 403, try HTTPClient(port: site.http.port, source: 2).get("/metrics")),
    ]
    let description = try ServedDescription(site.http)
    for (path, method, status, answer) in cases {
      try assertDescribed(answer, status, description.operation(method, path), in: description)
    }
    // And nothing is described that was not asked for, but for the statuses of the next tests, of what
    // needs an API key, and of keys that lack a right.
    for operation in description.operations where !operation.isClosed {
      let asked = cases.filter { $0.path == operation.path && $0.method == operation.method }
      let others: Set = operation.isOffered ? ["403", "429", "503"] : ["429", "503"]
      XCTAssertEqual(
        Set(asked.map { "\($0.status)" }), operation.statuses.subtracting(others),
        "\(operation.method) \(operation.path)")
    }
  }

  /// And each 503, with the engines away that it tells of.
  func testEachOperationSaysAsDescribedThatItsEnginesAreAway() throws {
    let site = try Site()
    let engines = ["engines:postgres", "engines:redis", "engines:clickhouse"]
    for engine in engines { try Supervisor.stop(engine) }
    defer { for engine in engines { try? Supervisor.start(engine) } }
    let body = #"{"original_url":"https://example.com"}"#
    let cases: [(path: String, method: String, HTTPClient.Answer)] = [
      ("/shorten", "POST", try site.http.post("/shorten", json: body)),
      ("/{short_code}", "GET", try site.http.get("/zzzzzzzz")),
      ("/{short_code}", "HEAD", try site.http.request("HEAD", "/zzzzzzzz")),
      ("/{shortCode}+", "GET", try site.http.get("/zzzzzzzz+")),
      ("/{shortCode}/qr-code", "GET", try site.http.get("/zzzzzzzz/qr-code")),
      ("/stats/{short_code}", "GET", try site.http.get("/stats/zzzzzzzz")),
      ("/health", "GET", try site.http.get("/health")),
      ("/stats/health", "GET", try site.http.get("/stats/health")),
      ("/rest/health", "GET", try site.http.get("/rest/health")),
      ("/rest/v3/health", "GET", try site.http.get("/rest/v1/health")),
    ]
    let description = try ServedDescription(site.http)
    for (path, method, answer) in cases {
      try assertDescribed(answer, 503, description.operation(method, path), in: description)
    }
  }

  /// And each 429, for a client that has something under way already where one thing is allowed.
  func testEachOperationSaysAsDescribedThatTheClientAsksForTooMuch() throws {
    let description = try ServedDescription(Site().http)
    let limited = try LimitedSite(["LIMIT_CONNECTIONS": "1"])
    let unfinished = try Socket(port: limited.http.port)
    try unfinished.send(
      Array("POST /shorten HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{".utf8))
    XCTAssertTrue(
      try eventually(seconds: 5) { try limited.http.get("/health").status == 429 })
    for operation in description.operations {
      let answer = try limited.http.request(operation.method, operation.target("zzzz"))
      try assertDescribed(answer, 429, operation, in: description)
    }
  }

  private func assertDescribed(
    _ answer: HTTPClient.Answer, _ status: Int, _ operation: ServedDescription.Operation,
    in description: ServedDescription
  ) throws {
    XCTAssertEqual(answer.status, status, "\(operation.method) \(operation.path)")
    try description.assertDescribed(answer, of: operation)
  }
}
