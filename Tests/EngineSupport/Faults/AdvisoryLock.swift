import Postgres
import TestSupport

/// Advisory lock 4711 of a database, for which a trigger waits: so a statement stands still at a known
/// place.
package struct AdvisoryLock {
  private let admin: Postgres.Connection

  package init(_ dsn: String) throws {
    admin = try Postgres.Connection(
      ConnectionOptions(
        dsn: dsn, applicationName: "test-admin", statementTimeoutMilliseconds: 0,
        lockTimeoutMilliseconds: 0), timeoutMilliseconds: 20_000)
    _ = try admin.executeOnce(
      "SELECT pg_advisory_lock(4711)", "lock", timeoutMilliseconds: 20_000)
  }

  /// Whether a session comes to wait for this kind of lock: `advisory`, or `transactionid` for a row
  /// that another transaction is changing.
  package func isWaitedFor(_ event: String) -> Bool {
    eventually(seconds: 15) { isWaitedForNow(event) }
  }

  package func isWaitedForNow(_ event: String) -> Bool {
    (try? admin.executeOnce(
      """
      SELECT 1 FROM pg_stat_activity
      WHERE wait_event = \(event) AND datname = current_database()
      """, "look", timeoutMilliseconds: 20_000
    ).count) == 1
  }

  package func release() { admin.close() }
}
