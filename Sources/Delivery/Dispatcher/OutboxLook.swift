import Postgres
package import Sessions

/// The state of the outbox and its dispatcher, read from PostgreSQL by the owner of the tables.
package struct OutboxLook {
  /// Changes that are due and not announced; 10 000 for more.
  package let due: Int
  /// For how long the first of them has been due; 0 without any.
  package let dueMilliseconds: Int64
  /// Whether a dispatcher of any host has the lock.
  package let hasActiveDispatcher: Bool

  /// Reads the state.
  ///
  /// - Throws: When PostgreSQL can't be asked, or has no such table.
  package init(_ session: PostgresSession, timeoutMilliseconds: Int) throws(StoreError) {
    let (backlog, isLocked) = try session.read("look at the outbox") {
      connection throws(PostgresError) in
      let table = OutboxTable(connection, timeoutMilliseconds: timeoutMilliseconds)
      return (try table.backlog(), try table.isHeldByOthers(DispatcherSession.key))
    }
    due = backlog.rows
    dueMilliseconds = max(0, backlog.ageMilliseconds ?? 0)
    hasActiveDispatcher = isLocked
  }
}
