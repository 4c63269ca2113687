import Foundation
import TestSupport
import XCTest

/// The site as the holder of an API key of all rights sees it.
final class KeyedSite {
  let site: Site
  private let name = "test-\(UUID().uuidString)"
  let key: String

  init() throws {
    site = try Site()
    let name = name
    var key: String?
    // On a slow machine its connection may come too late for its time limit.
    _ = try eventually(seconds: 60) {
      let run = try Self.swiftlet("key", "create", name)
      if run.status == 0 { key = run.output.trimmingCharacters(in: .whitespacesAndNewlines) }
      return run.status == 0
    }
    self.key = try XCTUnwrap(key, "no key is issued")
  }

  deinit { _ = try? Self.swiftlet("key", "delete", name) }

  /// A request with the key, and with a body of JSON.
  func request(
    _ method: String, _ path: String, _ body: String? = nil
  ) throws -> HTTPClient.Answer {
    let type = body == nil ? [] : [("Content-Type", "application/json")]
    return try site.http.request(
      method, "/rest/v3" + path, [("X-Api-Key", key)] + type, body: body.map { Array($0.utf8) })
  }

  private static func swiftlet(_ words: String...) throws -> (status: Int32, output: String) {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let run = try Command.run(program, words)
    return (run.status, run.output)
  }
}
