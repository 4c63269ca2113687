import EngineSupport
import TestSupport
import XCTest

/// What migrations/README.md asks PostgreSQL, word by word.
final class SchemaHandbookLinksTests: XCTestCase {
  func testEachQuestionIsAnswered() throws {
    let database = try ScratchPostgres()
    func ask(_ question: String) throws -> String {
      try Command.check(
        "/usr/bin/psql", ["-X", "-v", "ON_ERROR_STOP=1", "-qAt", "-c", question, database.dsn])
    }
    _ = try ask(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      VALUES (384036974793916416, 'SMtOIjlc3M', 'https://example.org/')
      """)
    XCTAssertEqual(
      try SchemaHandbook().statements(under: "## PostgreSQL").map(ask),
      [
        "384036974793916416|https://example.org/\n", "SMtOIjlc3M|https://example.org/\n", "",
        "0|\n", "", "",
      ])
  }
}
