import Postgres
package import Service
package import Sessions

/// Checks the tables and columns that the API needs in PostgreSQL.
package struct ShortURLSchema {
  /// Tables that the API writes to and may not be allowed to read.
  private static let tables = [
    "outbox", "sessions", "short_url_revisions", "sign_in_codes", "units", "visit_budgets",
    "worker_leases",
  ]

  private let session: PostgresSession
  private let timeout: Int

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    timeout = settings.postgresReadTimeoutMilliseconds
  }

  /// Checks whether PostgreSQL answers and has all of them; no row is read.
  ///
  /// - Throws: `rejected` before a migration is applied, or when a right is missing.
  package func check() throws(StoreError) {
    let operation = "look for tables and columns"
    try session.read(operation) { connection throws(PostgresError) in
      _ = try connection.execute(
        "SELECT \(ShortURLTable.columns), deleted_at FROM short_urls LIMIT 0", operation,
        timeoutMilliseconds: timeout)
      let missing = try connection.execute(
        "SELECT name FROM unnest(\(Self.tables)) AS name WHERE to_regclass(name) IS NULL",
        operation, timeoutMilliseconds: timeout
      ).first { row throws(PostgresError) in try row.text() }
      guard let missing else { return }
      throw PostgresError(.undefinedTable, "there is no table \(missing)", during: operation)
    }
  }
}
