import Links
import Postgres

/// The outbox in PostgreSQL: changes to announce, and changes kept for another Redis.
///
/// A row is due at once (`-infinity`), and again some seconds after its first announcement. A row
/// announced twice (NULL) is kept while Redis may still bring back the old value. Rows are found by
/// their time, never by their number: a transaction that commits late has a low number.
struct OutboxTable {
  /// The limit of rows of one statement.
  static let pageRows = 1000
  /// The limit of a page in bytes, so that it fits into the buffers of any socket.
  ///
  /// A server that waits for a frozen reader doesn't end its session.
  private static let pageBytes = 65_536
  /// A row's bytes on the wire in addition to its names.
  private static let rowBytes = 32
  /// The seconds after which a change is announced again.
  private static let repeatSeconds = 15
  /// Due rows are counted up to this number.
  static let countLimit = 10_000

  private let connection: Connection
  private let timeout: Int

  init(_ connection: Connection, timeoutMilliseconds: Int) {
    self.connection = connection
    timeout = timeoutMilliseconds
  }

  func tryLock(_ key: Int64) throws(PostgresError) -> Bool {
    try connection.execute(
      "SELECT pg_try_advisory_lock(\(key))", "take the dispatcher's lock",
      timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.bool() }
  }

  /// Whether another session has the lock, or shares it.
  func isHeldByOthers(_ key: Int64) throws(PostgresError) -> Bool {
    try connection.executeOnce(
      """
      SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND granted
          AND classid::int8 << 32 | objid::int8 = \(key) AND pid <> pg_backend_pid())
      """, "look for the dispatcher's lock", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.bool() }
  }

  // MARK: - Rows due

  /// The rows to announce now, those due for longest first: so new rows come before repeated ones.
  func due() throws(PostgresError) -> OutboxPage {
    try page(Self.dueRows, "read the rows due")
  }

  static var dueRows: SQL {
    page(
      of: "SELECT id, domain, slug, due_at FROM outbox WHERE due_at <= now()", in: "due_at, id")
  }

  /// Notes that rows were announced: for the first time, or for the second and last.
  func noteAnnounced(_ ids: [Int64]) throws(PostgresError) {
    _ = try connection.execute(
      Self.announced(ids), "note what was announced", timeoutMilliseconds: timeout)
  }

  static func announced(_ ids: [Int64]) -> SQL {
    """
    UPDATE outbox
    SET due_at = CASE WHEN due_at = '-infinity' THEN now() + \(repeatSeconds) * interval '1 second' END
    WHERE id = ANY(\(ids))
    """
  }

  // MARK: - Rows kept

  /// A page of all rows below a number, the newest first.
  func kept(below id: Int64) throws(PostgresError) -> OutboxPage {
    try page(Self.keptRows(below: id), "read the rows kept")
  }

  static func keptRows(below id: Int64) -> SQL {
    page(of: "SELECT id, domain, slug FROM outbox WHERE id < \(id)", in: "id DESC")
  }

  /// Deletes a page of the rows that were announced twice and are older than so many seconds.
  ///
  /// - Returns: Whether there may be more of them.
  func deleteOld(keepingSeconds seconds: Int) throws(PostgresError) -> Bool {
    try connection.execute(
      Self.deletion(keepingSeconds: seconds), "delete old rows", timeoutMilliseconds: timeout
    ).affected == Self.pageRows
  }

  static func deletion(keepingSeconds seconds: Int) -> SQL {
    """
    DELETE FROM outbox WHERE id = ANY(ARRAY(
      SELECT id FROM outbox
      WHERE changed_at < now() - \(seconds) * interval '1 second' AND due_at IS NULL
      ORDER BY changed_at LIMIT \(pageRows)))
    """
  }

  // MARK: - Units

  /// Deletes some of the ids of changes that nobody can be in doubt about any more.
  ///
  /// - Returns: Whether there may be more of them.
  func deleteOldUnits() throws(PostgresError) -> Bool {
    try connection.execute(
      Self.unitDeletion, "delete old units", timeoutMilliseconds: timeout
    ).affected == Self.pageRows
  }

  static var unitDeletion: SQL {
    """
    DELETE FROM units WHERE id = ANY(ARRAY(
      SELECT id FROM units WHERE ended_at < now() - interval '1 day'
      ORDER BY ended_at LIMIT \(pageRows)))
    """
  }

  // MARK: - Spent visits

  /// Deletes some of the requests that spent a visit; nginx asks none of them again any more.
  ///
  /// - Returns: Whether there may be more of them.
  func deleteOldSpentVisits() throws(PostgresError) -> Bool {
    try connection.execute(
      Self.spentVisitDeletion, "delete old spent visits", timeoutMilliseconds: timeout
    ).affected == Self.pageRows
  }

  static var spentVisitDeletion: SQL {
    """
    DELETE FROM spent_visits WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM spent_visits WHERE spent_at < now() - interval '1 day'
      ORDER BY spent_at LIMIT \(pageRows)))
    """
  }

  // MARK: - Figures

  /// The number of due rows, and for how long the oldest has been due.
  func backlog() throws(PostgresError) -> OutboxBacklog {
    try connection.execute(Self.backlog, "count the rows due", timeoutMilliseconds: timeout)
      .one { row throws(PostgresError) in
        OutboxBacklog(
          rows: Int(try row.integer()), ageMilliseconds: try row.optionalInteger())
      }
  }

  static let backlog: SQL =
    """
    SELECT
      (SELECT count(*) FROM
        (SELECT FROM outbox WHERE due_at <= now() LIMIT \(countLimit)) AS due),
      (SELECT (extract(epoch FROM now() - greatest(changed_at, due_at)) * 1000)::int8
        FROM outbox WHERE due_at <= now() ORDER BY due_at, id LIMIT 1)
    """

  // MARK: - The Redis that was told

  /// The Redis that got all rows; nil when none has yet.
  func announcedCache() throws(PostgresError) -> String? {
    try connection.execute(
      "SELECT identity FROM announced_cache", "read which Redis was told",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.text() }
  }

  func setAnnouncedCache(_ identity: String) throws(PostgresError) {
    _ = try connection.execute(
      """
      INSERT INTO announced_cache (identity) VALUES (\(identity))
      ON CONFLICT (only_row) DO UPDATE SET identity = excluded.identity
      """, "note which Redis was told", timeoutMilliseconds: timeout)
  }

  // MARK: - Pages

  private func page(_ statement: SQL, _ operation: String) throws(PostgresError) -> OutboxPage {
    let rows = try connection.execute(statement, operation, timeoutMilliseconds: timeout)
    return OutboxPage(
      try rows.map { row throws(PostgresError) in
        OutboxRow(id: try row.integer(), domain: try row.text(), slug: try row.text())
      })
  }

  /// The first rows in an order, up to the limit of their names' bytes; at least one.
  private static func page(of rows: SQL, in order: SQL) -> SQL {
    """
    SELECT id, domain, slug FROM (
      SELECT *, sum(octet_length(domain) + octet_length(slug) + \(rowBytes)) OVER
        (ORDER BY \(order) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM (\(rows) ORDER BY \(order) LIMIT \(pageRows)) AS rows) AS page
    WHERE bytes_before IS NULL OR bytes_before < \(pageBytes) ORDER BY \(order)
    """
  }
}
