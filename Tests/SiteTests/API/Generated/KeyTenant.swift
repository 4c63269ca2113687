import Foundation
import TestSupport
import XCTest

/// A tenant of a test's own, and its keys.
struct KeyTenant {
  let name = "tenant-\(UInt64.random(in: 0...UInt64.max))"
  let id: Int

  init() throws {
    id = try JSONAnswer(Self.swiftlet(["tenant", "create", name, "--json"]))["id"].number
  }

  /// Makes a key, and gives its secret.
  func key(_ name: String, _ options: [String] = []) throws -> String {
    try Self.swiftlet(["key", "create", name, "--tenant", self.name] + options)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What `swiftlet` prints on the stack under test.
  @discardableResult
  static func swiftlet(_ words: [String]) throws -> String {
    try Command.check(TestStack.programs.appendingPathComponent("swiftlet").path, words)
  }
}
