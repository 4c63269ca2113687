import EngineSupport
import Foundation
import Management
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

/// PostgreSQL counts as well when it has what the API needs, and not before.
final class ShortURLSchemaTests: XCTestCase {
  private static let needed = [
    "TABLE outbox RENAME TO later", "TABLE units RENAME TO later",
    "TABLE worker_leases RENAME TO later", "TABLE short_urls RENAME TO later",
    "TABLE short_urls RENAME disabled_at TO later", "TABLE short_urls RENAME deleted_at TO later",
  ]

  private func alter(_ database: ScratchPostgres, _ words: String) throws {
    try database.admin().executeScript(
      unsafe: "ALTER " + words, "alter", timeoutMilliseconds: 20_000)
  }

  /// The opposite of a renaming.
  private func undo(_ words: String) -> String {
    let parts = words.split(separator: " ").map(String.init)
    return parts.count == 5
      ? "TABLE later RENAME TO \(parts[1])" : "TABLE \(parts[1]) RENAME later TO \(parts[3])"
  }

  func testEachTableAndColumnThatIsMissingIsARejection() throws {
    let database = try ScratchPostgres()
    let schema = ShortURLSchema(
      try database.session(), try database.settings(["PG_READ_TIMEOUT_MS": "20000"]))
    try schema.check()
    for words in Self.needed {
      try alter(database, words)
      XCTAssertThrowsError(try schema.check(), words) { error in
        XCTAssertEqual((error as? StoreError)?.kind, .rejected, "\(words): \(error)")
      }
      try alter(database, undo(words))
      XCTAssertNoThrow(try schema.check(), words)
    }
  }

  func testTheHealthOfTheAPISaysSoUntilTheMigrationIsApplied() throws {
    let database = try ScratchPostgres()
    let words = "TABLE units RENAME TO later"
    try alter(database, words)
    let pool = try WorkerPool("api", ["PG_DSN": database.dsn, "PG_READ_TIMEOUT_MS": "20000"])
    let worker = try pool.start()
    func postgres() throws -> JSONAnswer {
      let answer = try pool.ask("/health")
      let body = try XCTUnwrap(answer.range(of: "\r\n\r\n"))
      return try JSONAnswer(String(answer[body.upperBound...]))["dependencies"]["postgres"]
    }
    XCTAssertEqual(try postgres()["state"].text, "down")
    XCTAssertEqual(try postgres()["error"].text, "rejected")
    try alter(database, undo(words))
    XCTAssertTrue(try eventually(seconds: 60) { try postgres()["state"].text == "up" })
    withExtendedLifetime(worker) {}
  }
}
