import Foundation
import TestSupport
import XCTest

/// Access to every operation of the description through nginx: callers, methods and HEAD.
final class GeneratedRefusalSiteTests: XCTestCase {
  private static let shlink = "https://shlink.io/api/error/"

  func testWithoutAKeyAndWithAWrongOneAnOperationIsRefusedAndNothingIsDone() throws {
    let site = try Site()
    let description = try ServedDescription(site.http)
    let code = try site.shorten("https://example.com/refused")
    let before = try stored(code)
    let keys: [(fields: [(String, String)], type: String)] = [
      ([], "missing-authentication"), ([("X-Api-Key", "wrong")], "invalid-api-key"),
      ([("Authorization", "Bearer wrong")], "invalid-api-key"),
      ([("X-Api-Key", String(repeating: "k", count: 4000))], "invalid-api-key"),
      ([("X-Api-Key", "operator"), ("Authorization", "operator")], "invalid-api-key"),
    ]
    let closed = description.operations.filter(\.isClosed)
    XCTAssertFalse(closed.isEmpty)
    for operation in closed {
      let body = try operation.exampleBody
      for (fields, type) in keys {
        let answer = try site.http.request(
          operation.method, operation.target(code),
          [("Content-Type", "application/json")] + fields, body: body)
        XCTAssertEqual(answer.status, 401, "\(operation.method) \(operation.path) \(fields)")
        XCTAssertEqual(try answer.json["type"].text, Self.shlink + type)
        try description.assertDescribed(answer, of: operation)
      }
    }
    XCTAssertEqual(try stored(code), before)
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
  }

  func testAMethodThatIsNotThereIsNotFoundUnderRESTAndNotAllowedElsewhere() throws {
    let http = try Site().http
    let operations = try ServedDescription(http).operations
    for (path, there) in Dictionary(grouping: operations, by: \.path) {
      // Under REST `availability` stands where a link's code may stand: its methods are there, too.
      let taking = operations.filter {
        $0.path == path || $0.isREST && $0.takes(there[0].target("zzzz"))
      }
      let methods = Set(taking.map(\.method))
      let allowed = methods.contains("GET") ? methods.union(["HEAD"]) : methods
      let target = there[0].target("zzzz")
      for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]
      where !allowed.contains(method) {
        let answer = try http.request(method, target, body: [])
        let note = "\(method) \(target): \(answer.text)"
        XCTAssertEqual(answer.status, there[0].isREST ? 404 : 405, note)
        XCTAssertEqual(answer["content-type"], "application/problem+json", note)
        if there[0].isREST {
          XCTAssertEqual(try answer.json["type"].text, Self.shlink + "not-found", note)
          XCTAssertNil(answer["allow"], note)
        } else {
          let told = answer["allow"]?.split(separator: ", ").map(String.init) ?? []
          XCTAssertEqual(told.sorted(), allowed.sorted(), path)
        }
      }
    }
  }

  func testHEADAnswersAsGETDoesWithoutTheBody() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/probed")
    let varying: Set = ["date", "x-request-id", "content-length"]
    for operation in try ServedDescription(site.http).operations where operation.method == "GET" {
      let target = operation.target(code)
      let get = try site.http.get(target)
      let head = try site.http.request("HEAD", target)
      XCTAssertEqual(head.status, get.status, target)
      XCTAssertEqual(head.body, [], target)
      let fields = { (answer: HTTPClient.Answer) in
        answer.fields.filter { !varying.contains($0.name) }.map { "\($0.name): \($0.value)" }
      }
      XCTAssertEqual(fields(head), fields(get), target)
    }
  }

  private func stored(_ code: String) throws -> String {
    try Command.check(
      "/usr/bin/psql",
      [
        "-XAt", "-v", "ON_ERROR_STOP=1", "-c",
        """
        SELECT u, (SELECT count(*) FROM outbox WHERE slug = '\(code)') FROM short_urls AS u
        WHERE short_code = '\(code)'
        """, TestStack.value("PG_DSN"),
      ])
  }
}

extension ServedDescription.Operation {
  /// The example of its body; nil for an operation without one.
  fileprivate var exampleBody: [UInt8]? {
    get throws {
      guard let body = try json.members["requestBody"] else { return nil }
      return Array(try body["content"]["application/json"]["example"].description.utf8)
    }
  }
}
