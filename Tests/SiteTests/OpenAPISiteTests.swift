import Foundation
import TestSupport
import XCTest

/// The API's description against the running service: each operation with each of its statuses.
final class OpenAPISiteTests: XCTestCase {
  private typealias Object = [String: Any]

  /// How to bring about each status that can be brought about while every engine is up.
  func testEachOperationAnswersAsDescribed() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/described")
    _ = try site.http.get("/\(code)", [("Referer", "https://ref.example/")])
    _ = try site.stats(code, clicks: 1)
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
      ("/{short_code}", "head", 301, try site.http.request("HEAD", "/\(code)")),
      ("/{short_code}", "head", 404, try site.http.request("HEAD", "/zzzz")),
      ("/stats/{short_code}", "get", 200, try site.http.get("/stats/\(code)")),
      ("/stats/{short_code}", "get", 404, try site.http.get("/stats/zzzz")),
      ("/health", "get", 200, try site.http.get("/health")),
      ("/stats/health", "get", 200, try site.http.get("/stats/health")),
      ("/metrics", "get", 200, try site.http.get("/metrics")),
      ("/metrics", "get", 403, try HTTPClient(port: site.http.port, source: 2).get("/metrics")),
    ]
    let description = try XCTUnwrap(site.json(site.http.get("/openapi.json")))
    for (path, method, status, answer) in cases {
      try assertDescribed(answer, status, path, method, in: description)
    }
    // And nothing is described that was not asked for, but for the statuses of the next tests.
    for (path, item) in try XCTUnwrap(description["paths"] as? Object) {
      for (method, operation) in try XCTUnwrap(item as? Object) where method != "parameters" {
        let responses = try XCTUnwrap((operation as? Object)?["responses"] as? Object)
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
    let description = try XCTUnwrap(site.json(site.http.get("/openapi.json")))
    for (path, method, answer) in cases {
      try assertDescribed(answer, 503, path, method, in: description)
    }
  }

  /// And each 429, for a client that has something under way already where one thing is allowed.
  func testEachOperationSaysAsDescribedThatTheClientAsksForTooMuch() throws {
    let description = try XCTUnwrap(Site().json(Site().http.get("/openapi.json")))
    let limited = try LimitedSite(["LIMIT_CONNECTIONS": "1"])
    let unfinished = try Socket(port: limited.http.port)
    try unfinished.send(
      Array("POST /shorten HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{".utf8))
    XCTAssertTrue(
      try eventually(seconds: 5) { try limited.http.get("/health").status == 429 })
    for (path, item) in try XCTUnwrap(description["paths"] as? Object) {
      for method in try XCTUnwrap(item as? Object).keys where method != "parameters" {
        let answer = try limited.http.request(
          method.uppercased(), path.replacingOccurrences(of: "{short_code}", with: "zzzz"))
        try assertDescribed(answer, 429, path, method, in: description)
      }
    }
  }

  private func assertDescribed(
    _ answer: HTTPClient.Answer, _ status: Int, _ path: String, _ method: String, in root: Object
  ) throws {
    let note = "\(method) \(path) \(status)"
    XCTAssertEqual(answer.status, status, note)
    let paths = try XCTUnwrap(root["paths"] as? Object)
    let operation = try XCTUnwrap((paths[path] as? Object)?[method] as? Object, note)
    var response = try XCTUnwrap(
      (operation["responses"] as? Object)?["\(status)"] as? Object, note)
    if let reference = response["$ref"] as? String {
      response = try XCTUnwrap(resolve(reference, in: root) as? Object, note)
    }
    for name in (response["headers"] as? Object ?? [:]).keys {
      XCTAssertNotNil(answer[name.lowercased()], "\(note): \(name)")
    }
    guard let content = response["content"] as? Object else {
      return XCTAssertEqual(answer.body, [], note)
    }
    let type = try XCTUnwrap(answer["content-type"], note)
    let media = try XCTUnwrap(content[type] as? Object, "\(note): \(type)")
    let schema = try XCTUnwrap(media["schema"] as? Object)
    let value =
      type.contains("json")
      ? try JSONSerialization.jsonObject(with: Data(answer.body), options: .fragmentsAllowed)
      : answer.text
    XCTAssertEqual(Schema(schema, root: root).complaints(about: value), [], note)
  }
}

/// What a reference such as `#/components/schemas/Link` leads to.
private func resolve(_ reference: String, in root: [String: Any]) -> Any {
  reference.split(separator: "/").dropFirst().reduce(root as Any) { value, key in
    (value as? [String: Any])?[String(key)] as Any
  }
}

/// The part of JSON Schema that our description uses.
private struct Schema {
  private let schema: [String: Any]
  private let root: [String: Any]

  init(_ schema: [String: Any], root: [String: Any]) {
    var schema = schema
    while let reference = schema["$ref"] as? String {
      schema = resolve(reference, in: root) as? [String: Any] ?? ["type": "unresolved \(reference)"]
    }
    self.schema = schema
    self.root = root
  }

  func complaints(about value: Any, at path: String = "") -> [String] {
    var complaints: [String] = []
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { Self.isOf(value, $0) }) {
      complaints.append("\(path): \(value) is not \(types)")
    }
    if let choices = schema["enum"] as? [String], !choices.contains(value as? String ?? "") {
      complaints.append("\(path): \(value) is none of \(choices)")
    }
    if let pattern = schema["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      complaints.append("\(path): \(text) is not like \(pattern)")
    }
    if let least = schema["minimum"] as? Double, let number = value as? Double, number < least {
      complaints.append("\(path): \(number) < \(least)")
    }
    if let items = schema["items"] as? [String: Any], let elements = value as? [Any] {
      for (index, element) in elements.enumerated() {
        complaints += Schema(items, root: root).complaints(about: element, at: "\(path)/\(index)")
      }
    }
    if let object = value as? [String: Any] { complaints += members(object, path) }
    return complaints
  }

  private func members(_ object: [String: Any], _ path: String) -> [String] {
    var complaints: [String] = []
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      complaints.append("\(path): \(name) is missing")
    }
    for (name, member) in object {
      if let property = properties[name] ?? schema["additionalProperties"] as? [String: Any] {
        complaints += Schema(property, root: root).complaints(about: member, at: "\(path)/\(name)")
      } else if schema["additionalProperties"] as? Bool == false {
        complaints.append("\(path): \(name) is not described")
      }
    }
    return complaints
  }

  private static func isOf(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "integer": (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
    case "number": value is NSNumber
    default: false
    }
  }
}
