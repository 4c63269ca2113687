import Glibc
import Postgres
import TestSupport

/// A session whose open transaction has a new row: a restore waits for its end before it drops tables.
final class OpenTransaction {
  private let connection: Connection

  init(_ own: OwnInstallation) throws {
    signal(SIGPIPE, SIG_IGN)
    connection = try Connection(
      ConnectionOptions(
        dsn: own.environment["PG_DSN"] ?? "", applicationName: "tests",
        statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0),
      timeoutMilliseconds: 10_000)
    try run("BEGIN")
    try run("INSERT INTO tags (name) VALUES ('meanwhile')")
  }

  private func run(_ statement: String) throws {
    try connection.executeScript(unsafe: statement, "test", timeoutMilliseconds: 10_000)
  }

  /// Waits until a restore waits for it.
  func isAwaited() throws -> Bool {
    try eventually(seconds: 30) {
      // Within a transaction the server answers from what it has seen first.
      try run("SELECT pg_stat_clear_snapshot()")
      return try connection.executeOnce(
        """
        SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
          AND application_name = 'swiftlet-backup' AND wait_event_type = 'Lock')
        """, "test", timeoutMilliseconds: 10_000
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }

  func commit() throws { try run("COMMIT") }
  func rollBack() throws { try run("ROLLBACK") }
}
