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
    let json = [("Content-Type", "application/json")]
    let post = { (body: String, fields: [(String, String)]) in
      try site.http.request("POST", "/shorten", fields, body: Array(body.utf8))
    }
    let good = #"{"original_url":"https://example.com"}"#
    let cases: [(path: String, method: String, status: Int, HTTPClient.Answer)] = [
      ("/shorten", "post", 201, try post(good, json)),
      ("/shorten", "post", 400, try post("{", json)),
      ("/shorten", "post", 413, try post(String(repeating: " ", count: 70_000), json)),
      ("/shorten", "post", 415, try post(good, [])),
      ("/shorten", "post", 422, try post("{}", json)),
      ("/{short_code}", "get", 301, try site.http.get("/\(code)")),
      ("/{short_code}", "get", 404, try site.http.get("/zzzz")),
      ("/{short_code}", "get", 410, try site.http.get("/\(down)")),
      ("/{short_code}", "head", 301, try site.http.request("HEAD", "/\(code)")),
      ("/{short_code}", "head", 404, try site.http.request("HEAD", "/zzzz")),
      ("/{short_code}", "head", 410, try site.http.request("HEAD", "/\(down)")),
      ("/stats/{short_code}", "get", 200, try site.http.get("/stats/\(code)")),
      ("/stats/{short_code}", "get", 404, try site.http.get("/stats/zzzz")),
      ("/health", "get", 200, try site.http.get("/health")),
      ("/stats/health", "get", 200, try site.http.get("/stats/health")),
      ("/metrics", "get", 200, try site.http.get("/metrics")),
      ("/metrics", "get", 403, try HTTPClient(port: site.http.port, source: 2).get("/metrics")),
    ]
    let description = try site.http.get("/openapi.json").json
    for (path, method, status, answer) in cases {
      try assertDescribed(answer, status, path, method, in: description)
    }
    // And nothing is described that was not asked for, but for the statuses of the next tests.
    for (path, item) in try description["paths"].members {
      for (method, operation) in try item.members where method != "parameters" {
        let responses = try operation["responses"].members
        let asked = cases.filter { $0.path == path && $0.method == method }.map { "\($0.status)" }
        XCTAssertEqual(
          Set(asked), Set(responses.keys).subtracting(["429", "503"]), "\(method) \(path)")
      }
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
      ("/shorten", "post", try site.http.post("/shorten", json: body)),
      ("/{short_code}", "get", try site.http.get("/zzzzzzzz")),
      ("/{short_code}", "head", try site.http.request("HEAD", "/zzzzzzzz")),
      ("/stats/{short_code}", "get", try site.http.get("/stats/zzzzzzzz")),
      ("/health", "get", try site.http.get("/health")),
      ("/stats/health", "get", try site.http.get("/stats/health")),
    ]
    let description = try site.http.get("/openapi.json").json
    for (path, method, answer) in cases {
      try assertDescribed(answer, 503, path, method, in: description)
    }
  }

  /// And each 429, for a client that has something under way already where one thing is allowed.
  func testEachOperationSaysAsDescribedThatTheClientAsksForTooMuch() throws {
    let description = try Site().http.get("/openapi.json").json
    let limited = try LimitedSite(["LIMIT_CONNECTIONS": "1"])
    let unfinished = try Socket(port: limited.http.port)
    try unfinished.send(
      Array("POST /shorten HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{".utf8))
    XCTAssertTrue(
      try eventually(seconds: 5) { try limited.http.get("/health").status == 429 })
    for (path, item) in try description["paths"].members {
      for method in try item.members.keys where method != "parameters" {
        let answer = try limited.http.request(
          method.uppercased(), path.replacingOccurrences(of: "{short_code}", with: "zzzz"))
        try assertDescribed(answer, 429, path, method, in: description)
      }
    }
  }

  private func assertDescribed(
    _ answer: HTTPClient.Answer, _ status: Int, _ path: String, _ method: String,
    in root: JSONAnswer
  ) throws {
    let note = "\(method) \(path) \(status)"
    XCTAssertEqual(answer.status, status, note)
    var response = try root["paths"][path][method]["responses"]["\(status)"]
    if let reference = try response.members["$ref"] {
      response = try root.at(reference: reference.text)
    }
    for name in try (response.members["headers"]?.members ?? [:]).keys {
      XCTAssertNotNil(answer[name.lowercased()], "\(note): \(name)")
    }
    guard let content = try response.members["content"] else {
      return XCTAssertEqual(answer.body, [], note)
    }
    let type = try XCTUnwrap(answer["content-type"], note)
    let schema = try DescribedSchema(content[type]["schema"], root: root)
    let value = type.contains("json") ? try answer.json.value : answer.text
    XCTAssertEqual(try schema.complaints(about: value), [], note)
  }
}
