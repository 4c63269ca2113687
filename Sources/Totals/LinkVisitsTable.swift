import Links
import Postgres

/// The table `link_visits`, into which totals are copied: set, never added to.
///
/// The row of link 0 has the mark. Its total is the last batch. Its bots are twice the number of deletions of
/// visits, and one more when the counts from before the seam are copied.
struct LinkVisitsTable {
  /// How many rows of links without visits are deleted at once.
  private static let deletedRows = 10_000
  /// How long a statement waits for a lock.
  private static let lockMilliseconds = 700

  private let connection: Connection
  private let timeout: Int

  init(_ connection: Connection, timeoutMilliseconds: Int) {
    self.connection = connection
    timeout = timeoutMilliseconds
  }

  /// Lets the session's next statements wait for locks for less than a second, until `endLimit`.
  func limitWaits() throws(PostgresError) {
    try connection.executeScript(
      unsafe: "SET lock_timeout = \(Self.lockMilliseconds)", "limit waits for locks",
      timeoutMilliseconds: timeout)
  }

  func endLimit() throws(PostgresError) {
    try connection.executeScript(
      unsafe: "SET lock_timeout = 0", "limit waits for locks no more", timeoutMilliseconds: timeout)
  }

  /// How far totals were copied; nil before the first time.
  func mark() throws(PostgresError) -> TotalsMark? {
    try connection.execute(
      "SELECT total, bots FROM link_visits WHERE link = 0", "read how far totals are copied",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in
      let (batch, rest) = (try row.integer(), try row.integer())
      return TotalsMark(batch: batch, hasCarried: rest % 2 != 0, deletions: rest / 2)
    }
  }

  /// Notes how far totals were copied.
  func set(_ mark: TotalsMark) throws(PostgresError) {
    try set([
      LinkTotal(link: 0, total: mark.batch, bots: 2 * mark.deletions + (mark.hasCarried ? 1 : 0))
    ])
  }

  /// Sets some links' totals.
  func set(_ totals: [LinkTotal]) throws(PostgresError) {
    guard !totals.isEmpty else { return }
    _ = try connection.execute(
      """
      INSERT INTO link_visits (link, total, bots)
      SELECT * FROM unnest(\(totals.map(\.link)), \(totals.map(\.total)), \(totals.map(\.bots)))
      ON CONFLICT (link) DO UPDATE SET total = excluded.total, bots = excluded.bots
      WHERE link_visits.total <> excluded.total OR link_visits.bots <> excluded.bots
      """, "copy totals", timeoutMilliseconds: timeout)
  }

  /// Deletes rows of a range of links that have no visits.
  ///
  /// - Returns: Whether there may be more of them.
  func delete(
    after start: UInt64, upTo end: UInt64, without totals: [LinkTotal]
  ) throws(PostgresError) -> Bool {
    try connection.execute(
      """
      DELETE FROM link_visits WHERE link = ANY(ARRAY(
        SELECT link FROM link_visits
        WHERE link > \(Int64(clamping: start)) AND link <= \(Int64(clamping: end))
          AND link <> ALL(\(totals.map(\.link)))
        ORDER BY link LIMIT \(Self.deletedRows)))
      """, "delete totals of links without visits", timeoutMilliseconds: timeout
    ).affected == Self.deletedRows
  }
}
