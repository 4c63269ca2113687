import Access
package import Hashing
import Postgres

/// The table `sessions` as far as one caller may see it, on one connection; `Units` lends it.
///
/// A caller sees the sessions of their own key. Who begins one locks the key's row. So a key that is disabled,
/// rotated or deleted meanwhile has none left.
package struct SessionTable {
  let connection: Connection
  let timeout: Int
  /// The caller's key; 0, which no key has, without one.
  private let key: Int
  /// Whether anything was changed.
  var hasChanged = false

  init(_ connection: Connection, for caller: Caller, timeoutMilliseconds: Int) {
    self.connection = connection
    timeout = timeoutMilliseconds
    key = caller.key?.id ?? 0
  }

  // MARK: Read

  /// The caller's sessions that haven't ended, the newest first.
  package func list() throws(TableError) -> [StoredSession] {
    try connection.execute(
      """
      SELECT \(StoredSession.columns) FROM sessions WHERE key = \(key) AND \(Self.isThere)
      ORDER BY id DESC LIMIT \(SessionLimits.count)
      """, "list sessions", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in try StoredSession(&row) }
  }

  /// Who has the caller's key; nil when it was taken away meanwhile.
  package func holder() throws(TableError) -> KeyHolder? {
    try KeyHolder.find(key, connection, timeoutMilliseconds: timeout)
  }

  // MARK: Change

  /// A session that has begun, and who has its key.
  package typealias Start = (holder: KeyHolder, session: StoredSession)

  /// Begins a session.
  ///
  /// - Parameters:
  ///   - new: What is known of it.
  ///   - id: The key's id.
  ///   - secret: The hash of the key's secret that was sent; nil where none was.
  /// - Returns: Whose it is, and the session; nil when the key doesn't work, or has another secret by now.
  /// - Throws: When a statement fails.
  package mutating func start(
    _ new: NewSession, of id: Int, secret: SHA256? = nil
  ) throws(TableError) -> Start? {
    let locked = try connection.execute(
      """
      SELECT 1 FROM api_keys WHERE id = \(id) AND disabled_at IS NULL
        AND (expires_at IS NULL OR expires_at > clock_timestamp())
        AND (\(bytes: secret?.bytes) IS NULL OR hash = \(bytes: secret?.bytes))
      FOR NO KEY UPDATE
      """, "lock an API key", timeoutMilliseconds: timeout
    ).count
    guard locked > 0,
      let holder = try KeyHolder.find(id, connection, timeoutMilliseconds: timeout)
    else { return nil }
    try makeRoom(of: id, replacing: new.replaced)
    let idle = new.isRemembered ? nil : SessionLimits.idleSeconds
    let session = try connection.execute(
      """
      INSERT INTO sessions (key, hash, ends_at, expires_at, idle_seconds, browser, address)
      VALUES (\(id), \(bytes: new.value.hash.bytes),
        clock_timestamp() + \(idle ?? SessionLimits.seconds) * interval '1 second',
        clock_timestamp() + \(SessionLimits.seconds) * interval '1 second', \(idle),
        \(new.browser), \(new.address))
      RETURNING \(StoredSession.columns)
      """, "begin a session", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try StoredSession(&row) }
    hasChanged = true
    return (holder, session)
  }

  /// Ends one of the caller's sessions.
  ///
  /// - Returns: Whether there was one.
  package mutating func end(_ id: Int64) throws(TableError) -> Bool {
    try end("id = \(id)")
  }

  /// Ends all sessions of the caller.
  package mutating func endAll() throws(TableError) {
    _ = try end("TRUE")
  }

  private mutating func end(_ condition: SQL) throws(TableError) -> Bool {
    hasChanged = true
    return try connection.execute(
      "DELETE FROM sessions WHERE key = \(key) AND \(Self.isThere) AND \(condition)",
      "end sessions", timeoutMilliseconds: timeout
    ).affected > 0
  }

  /// Ends the sessions that a new one of a key leaves no room for, and the one that it replaces; removes some
  /// that have ended.
  private func makeRoom(of id: Int, replacing old: SHA256?) throws(TableError) {
    _ = try connection.execute(
      """
      DELETE FROM sessions WHERE hash = \(bytes: old?.bytes) OR key = \(id) AND id NOT IN (
        SELECT id FROM sessions WHERE key = \(id) AND \(Self.isThere)
        ORDER BY id DESC LIMIT \(SessionLimits.count - 1))
      """, "make room for a session", timeoutMilliseconds: timeout)
    _ = try connection.execute(
      """
      DELETE FROM sessions WHERE id = ANY(ARRAY(
        SELECT id FROM sessions WHERE ends_at <= clock_timestamp() LIMIT \(SessionLimits.swept)
        FOR UPDATE SKIP LOCKED))
      """, "remove ended sessions", timeoutMilliseconds: timeout)
  }

  /// Holds for sessions that haven't ended.
  private static let isThere: SQL = "ends_at > clock_timestamp()"
}
