import EngineSupport
import Links
import Management
import Postgres
import XCTest

/// A database of links that a test changes, and what the outbox has of it.
struct ChangedLinks {
  let database: ScratchPostgres
  let store: StoredLinks

  init(inserting links: [Link]) throws {
    let database = try ScratchPostgres()
    self.database = database
    store = StoredLinks(try database.session(), try database.settings())
    XCTAssertEqual(try store.insert(links), .inserted)
  }

  /// Makes a link of a name that was wanted.
  func give(_ name: String, to id: Int64) throws {
    _ = try texts(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      VALUES (\(id), \(name), 'http://e.org/') RETURNING ''
      """)
  }

  /// Id and name of each row, in the order in which they were written.
  func outbox() throws -> [String] {
    try texts("SELECT link || ' ' || slug FROM outbox ORDER BY id")
  }

  /// Since when each link is disabled and deleted.
  func times() throws -> [String] {
    try texts("SELECT concat(disabled_at, ' ', deleted_at) FROM short_urls ORDER BY short_code")
  }

  private func texts(_ question: SQL) throws -> [String] {
    try database.admin().executeOnce(question, "look", timeoutMilliseconds: 20_000)
      .map { row throws(PostgresError) in try row.text() }
  }
}
