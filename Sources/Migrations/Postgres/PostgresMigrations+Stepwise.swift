import Postgres

/// Files without a transaction.
///
/// PostgreSQL builds an index without blocking writers only outside of a transaction. The statements are
/// sent one by one, then the file is entered into the ledger. A run that is broken off begins again with the
/// first statement, so each must bear being run again.
extension PostgresMigrations {
  func applyStepwise(_ migration: Migration, checksum: String) throws(MigrationError) {
    for statement in SQLScript.statements(in: migration.text) {
      try apply(statement, of: migration)
    }
    try asking { connection throws(PostgresError) in
      try enter(migration, checksum, connection)
    }
  }

  private func apply(_ statement: String, of migration: Migration) throws(MigrationError) {
    let operation = "apply " + migration.name
    var isTooLong = false
    do throws(MigrationError) {
      try asking { connection throws(PostgresError) in
        do throws(PostgresError) {
          try ConcurrentIndex(statement)?.dropInvalid(
            connection, timeoutMilliseconds: Self.migrationTimeout)
          try connection.executeScript(
            unsafe: statement, operation, timeoutMilliseconds: Self.migrationTimeout)
        } catch {
          isTooLong = error.state == .lockNotAvailable
          throw error
        }
      }
    } catch {
      guard isTooLong else { throw error }
      throw MigrationError(
        .unavailable,
        "postgres/\(migration.name) waited too long for others (lock_timeout)\((try? others()) ?? ""). Writers were "
          + "not blocked, and what is half built is dropped by the next run. Run swiftlet migrate again "
          + "when their transactions have ended.")
    }
  }

  /// Who has transactions open that an index built concurrently waits for, the oldest first.
  private func others() throws(MigrationError) -> String {
    let shown = 3
    let sessions = try asking { connection throws(PostgresError) in
      try connection.executeOnce(
        """
        SELECT format('process %s of %s (%s)%s', pid, usename, coalesce(application_name, ''),
          ', since ' || to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        FROM pg_stat_activity WHERE datname = current_database() AND pid IN (
          SELECT pid FROM pg_locks
          WHERE locktype = 'virtualxid' AND granted AND pid <> pg_backend_pid())
        ORDER BY xact_start LIMIT \(shown)
        """, "look for open transactions", timeoutMilliseconds: Self.questionTimeout
      ).map { row throws(PostgresError) in try row.text() }
    }
    return sessions.isEmpty ? "" : ": " + sessions.joined(separator: "; ")
  }
}
