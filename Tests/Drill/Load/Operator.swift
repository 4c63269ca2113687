import Foundation
import TestSupport

/// What a drill does to links as an operator: by `swiftlet`, and by looking into PostgreSQL.
enum Operator {
  /// Runs `swiftlet`.
  ///
  /// - Returns: Whether it has done what it was told.
  static func swiftlet(_ words: [String]) throws -> Bool {
    try Command.run(TestStack.value("SWIFTLET_BIN") + "/swiftlet", words).status == 0
  }

  /// Runs `swiftlet` until it succeeds, however long the stack takes to be ready for that.
  static func must(_ words: [String]) throws {
    guard try eventually(seconds: 60, { try swiftlet(words) }) else {
      throw DrillError("swiftlet \(words.joined(separator: " ")) fails")
    }
  }

  /// The rows that PostgreSQL answers, each a list of its fields.
  @discardableResult
  static func ask(_ statement: String) throws -> [[String]] {
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-qAt", "-v", "ON_ERROR_STOP=1", try TestStack.value("PG_DSN"), "-c", statement]
    ).split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
