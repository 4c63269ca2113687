package import Clicks
package import Links
import Postgres
package import Service
package import Sessions

/// How many visits of links are allowed and spent, in PostgreSQL's table `visit_budgets`.
///
/// One statement spends a visit and notes by which request (`spent_visits`). The row of the budget
/// is locked meanwhile, so two visitors never spend the same visit. A request that is asked again,
/// here or by another worker, has spent its visit already.
package final class VisitBudgets {
  private let session: PostgresSession
  private let readTimeout: Int
  private let writeTimeout: Int
  /// The most time to spend a visit: a commit may be slow, and nginx waits 800 ms.
  private static let longestMilliseconds = 600
  /// The time since nginx asked after which a visit isn't waited for.
  private static let endMilliseconds = 750

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    readTimeout = settings.postgresReadTimeoutMilliseconds
    writeTimeout = min(settings.postgresWriteTimeoutMilliseconds, Self.longestMilliseconds)
  }

  /// Spends a visit of a link.
  ///
  /// - Parameters:
  ///   - link: The link's id.
  ///   - event: The visit's request.
  ///   - waited: The milliseconds that the request may have waited already.
  /// - Returns: Whether the visit may go on: it is spent, or the link has no limit any more.
  /// - Throws: `StoreError` when it isn't known; then it may be spent. It is a `timeout` while somebody
  ///   else holds the budget's row; then it isn't.
  package func spend(
    _ link: SnowflakeID, _ event: EventID, waited: Int = 0
  ) throws(StoreError) -> Bool {
    let operation = "spend a visit"
    let timeout = max(readTimeout, min(writeTimeout, Self.endMilliseconds - waited))
    return try session.transaction(operation) { connection throws(PostgresError) in
      try spend(link, event, operation, connection, timeoutMilliseconds: timeout)
    } settle: { connection throws(PostgresError) in
      try spend(link, event, operation, connection, timeoutMilliseconds: readTimeout)
    }
  }

  /// Whether visits are left, or the link has no limit any more.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func hasVisits(_ link: SnowflakeID) throws(StoreError) -> Bool {
    let operation = "look for visits left"
    return try session.read(operation) { connection throws(PostgresError) in
      try connection.execute(
        """
        SELECT EXISTS (SELECT FROM visit_budgets WHERE link = \(link.rawValue) AND spent < allowed)
          OR EXISTS (\(Self.isUnlimited(link)))
        """, operation, timeoutMilliseconds: readTimeout
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }

  private func spend(
    _ link: SnowflakeID, _ event: EventID, _ operation: String, _ connection: Postgres.Connection,
    timeoutMilliseconds timeout: Int
  ) throws(PostgresError) -> Bool {
    do throws(PostgresError) {
      let isSpent = try connection.execute(
        """
        WITH known AS (
          SELECT FROM spent_visits WHERE link = \(link.rawValue) AND event_id = \(event.description)::uuid
        ), budget AS (
          UPDATE visit_budgets SET spent = spent + 1
          WHERE link = \(link.rawValue) AND spent < allowed AND NOT EXISTS (SELECT FROM known)
          RETURNING link
        ), spent AS (
          INSERT INTO spent_visits (link, event_id) SELECT link, \(event.description)::uuid FROM budget
        )
        SELECT EXISTS (SELECT FROM budget) OR EXISTS (SELECT FROM known)
          OR EXISTS (\(Self.isUnlimited(link)))
        """, operation, timeoutMilliseconds: timeout
      ).one { row throws(PostgresError) in try row.bool() }
      return try isSpent ? true : self.isSpent(link, event, operation, connection)
    } catch SQLState.uniqueViolation {
      // Another worker has spent this very visit since the statement began.
      return true
    } catch {
      throw error
    }
  }

  /// Whether another worker has spent this very visit, and it was the last, while the first statement
  /// waited for the budget: that statement doesn't see it.
  private func isSpent(
    _ link: SnowflakeID, _ event: EventID, _ operation: String, _ connection: Postgres.Connection
  ) throws(PostgresError) -> Bool {
    try connection.execute(
      """
      SELECT EXISTS (SELECT FROM spent_visits
        WHERE link = \(link.rawValue) AND event_id = \(event.description)::uuid)
      """, operation, timeoutMilliseconds: readTimeout
    ).one { row throws(PostgresError) in try row.bool() }
  }

  /// A row if the link's limit was taken away, which this worker may hear of later.
  private static func isUnlimited(_ link: SnowflakeID) -> SQL {
    "SELECT FROM short_urls WHERE snowflake_id = \(link.rawValue) AND max_visits IS NULL"
  }
}
