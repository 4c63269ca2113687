import Postgres

/// A dispatcher's one session with PostgreSQL, and the lock that makes it the active one of all hosts.
///
/// The lock is an advisory lock of the session, so it ends with it. All that an active dispatcher
/// writes goes over this session: without the lock it can write nothing.
final class DispatcherSession {
  /// Ours among advisory locks: "swdispat" in ASCII.
  static let key: Int64 = 0x7377_6469_7370_6174
  /// A lock that the sessions of all dispatchers share, so that each knows of the others: "swpresen" in
  /// ASCII.
  static let presenceKey: Int64 = 0x7377_7072_6573_656E
  /// For an opening and for a statement, in milliseconds.
  static let timeout = 4000
  /// How long the server waits for the next statement before it ends the session, in milliseconds.
  ///
  /// So a dispatcher that is frozen loses the lock, and so does one whose host is gone.
  static let silence = 5000

  /// What each session is set to.
  ///
  /// A crash of the server may lose a statement that did not wait for the disk. The work is
  /// repeated then, which does no harm. The outbox is empty at one moment and large at the next, so
  /// plans must not rest on its statistics: all statements use an index.
  static let preparation = """
    SET idle_session_timeout = \(silence); SET synchronous_commit = off;
    SET enable_seqscan = off; SET enable_bitmapscan = off;
    SELECT pg_try_advisory_lock_shared(\(presenceKey))
    """

  private let options: ConnectionOptions
  private var connection: Connection?
  private(set) var isActive = false

  init(_ options: ConnectionOptions) {
    self.options = options
  }

  /// Asks the server something; opens the session where there is none.
  ///
  /// After any error the session is closed, and the lock is gone with it: another host's dispatcher may
  /// have more luck.
  func ask<Result>(
    _ body: (OutboxTable) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try asking { connection throws(PostgresError) in
      try body(OutboxTable(connection, timeoutMilliseconds: Self.timeout))
    }
  }

  /// Does a piece of other work; closed as above.
  func perform(_ work: any ActiveWork, at now: Int64) throws(PostgresError) -> Bool {
    try asking { connection throws(PostgresError) in try work.turn(on: connection, at: now) }
  }

  private func asking<Result>(
    _ body: (Connection) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    do throws(PostgresError) {
      return try body(try open())
    } catch {
      close()
      throw error
    }
  }

  /// Takes the lock unless it is held.
  ///
  /// - Returns: Whether this dispatcher is the active one.
  /// - Throws: When PostgreSQL can't be asked.
  func takeLock() throws(PostgresError) -> Bool {
    if isActive { return true }
    isActive = try ask { table throws(PostgresError) in try table.tryLock(Self.key) }
    return isActive
  }

  /// Whether the dispatcher of another host is there, too.
  func hasOthers() throws(PostgresError) -> Bool {
    try ask { table throws(PostgresError) in try table.isHeldByOthers(Self.presenceKey) }
  }

  /// Ends the session, and with it the lock.
  func close() {
    connection?.close()
    connection = nil
    isActive = false
  }

  private func open() throws(PostgresError) -> Connection {
    if let connection { return connection }
    let opened = try Connection(options, timeoutMilliseconds: Self.timeout)
    try opened.executeScript(
      unsafe: Self.preparation, "prepare the session", timeoutMilliseconds: Self.timeout)
    connection = opened
    return opened
  }
}
