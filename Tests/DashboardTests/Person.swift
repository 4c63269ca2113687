import Foundation
import TestSupport
import XCTest

/// Somebody with an API key, who sees only own links.
final class Person {
  let name: String
  let key: String
  private let http: HTTPClient

  init(_ rights: [String] = ["--authored-only"]) throws {
    http = try HTTPClient.site()
    name = "person-\(UUID().uuidString.prefix(8))"
    key = try Self.swiftlet(["key", "create", name] + rights)
  }

  deinit { _ = try? Self.swiftlet(["key", "delete", name]) }

  /// Asks the API by the key; the answer must be a success.
  @discardableResult
  func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> JSONAnswer {
    let type = body == nil ? [] : [("Content-Type", "application/json")]
    let answer = try http.request(
      method, "/rest/v3/" + path, [("X-Api-Key", key)] + type, body: body.map { Array($0.utf8) })
    XCTAssertLessThan(answer.status, 300, answer.text)
    return answer.body.isEmpty ? try JSONAnswer("null") : try answer.json
  }

  /// Makes a link; returns its code.
  @discardableResult
  func make(_ url: String, _ members: String = "") throws -> String {
    try ask(
      "POST", "short-urls", #"{"longUrl":"\#(url)"\#(members.isEmpty ? "" : ",\(members)")}"#)[
        "shortCode"
      ].text
  }

  /// A code of its own, which no other test has.
  func code(_ word: String) -> String { "\(word)-\(name.suffix(8).lowercased())" }

  @discardableResult
  static func swiftlet(_ words: [String]) throws -> String {
    try Command.check(TestStack.programs.appendingPathComponent("swiftlet").path, words)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
