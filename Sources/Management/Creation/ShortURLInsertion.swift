package import Access
package import Links
import Postgres
package import Service
package import Sessions

/// New links as they go into PostgreSQL's table `short_urls`, the only place where they must not be lost.
///
/// No `Unit`: one statement stores many links, and a link's id alone tells whether it is stored. A new link
/// needs no row in `outbox`, because nobody remembers anything of it.
package final class ShortURLInsertion {
  private let session: PostgresSession
  private let readTimeout: Int
  private let writeTimeout: Int

  package enum Outcome: Sendable {
    case inserted
    /// Another link has this id or slug already, or the slug is reserved.
    case collision
  }

  package enum BatchOutcome: Equatable, Sendable {
    case inserted
    /// No link of them is stored; but when settling, all may have been stored by an attempt whose
    /// answer was lost.
    case refused(isSettling: Bool)
  }

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    readTimeout = settings.postgresReadTimeoutMilliseconds
    writeTimeout = settings.postgresWriteTimeoutMilliseconds
  }

  /// Stores a link, durable once this returns.
  ///
  /// A `transaction` that is settled when the connection is lost before the answer comes: the same
  /// row is inserted again on a new one. An id is given to one link only. So if a row with this id
  /// stands there, and its slug and URL are the link's, then the lost attempt has stored it. To look
  /// instead of inserting is not enough: the server may still be about to commit the lost attempt.
  /// The second insertion waits for that, by the primary key.
  ///
  /// - Parameters:
  ///   - link: The link.
  ///   - caller: On whose behalf.
  ///   - isSettling: Whether an attempt whose outcome is unknown went before.
  /// - Returns: Whether it is stored, or its id or slug can't be had.
  /// - Throws: `StoreError` when neither is known.
  package func insert(
    _ link: Link, for caller: Caller, isSettling: Bool = false
  ) throws(StoreError) -> Outcome {
    precondition(link.key.isOfDefaultDomain, "other domains have no table")
    guard !link.slug.isReserved else { return .collision }
    return try session.transaction("insert a link") { connection throws(PostgresError) in
      try insert(link, isSettling: isSettling, connection)
    } settle: { connection throws(PostgresError) in
      try insert(link, isSettling: true, connection)
    }
  }

  /// Stores links, all of them or none, durable once this returns.
  ///
  /// A `transaction` that is settled like the insertion of one link. The same rows are refused if one
  /// id is taken, by the lost attempt or by others: then the caller settles each link by itself.
  package func insert(
    _ links: [Link], for callers: [Caller]
  ) throws(StoreError) -> BatchOutcome {
    precondition(links.allSatisfy(\.key.isOfDefaultDomain), "other domains have no table")
    guard !links.contains(where: \.slug.isReserved) else { return .refused(isSettling: false) }
    return try session.transaction("insert links") { connection throws(PostgresError) in
      try insert(links, isSettling: false, connection)
    } settle: { connection throws(PostgresError) in
      try insert(links, isSettling: true, connection)
    }
  }

  /// The latest timestamp of all ids stored, in milliseconds since the Snowflake epoch; -1 if there
  /// is none.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func latestTimestamp() throws(StoreError) -> Int64 {
    let operation = "find the latest id"
    return try session.read(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        "SELECT max(snowflake_id) FROM short_urls", operation, timeoutMilliseconds: readTimeout)
      let latest = try rows.one { row throws(PostgresError) in try row.optionalInteger() }
      return latest.map { SnowflakeID(rawValue: $0).timestamp } ?? -1
    }
  }

  private func insert(
    _ link: Link, isSettling: Bool, _ connection: Postgres.Connection
  ) throws(PostgresError) -> Outcome {
    do throws(PostgresError) {
      _ = try connection.execute(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
        VALUES (\(link.id.rawValue), \(link.slug.description), \
        \(link.destination.description), \(milliseconds: link.createdAt))
        """, "insert a link", timeoutMilliseconds: writeTimeout)
      return .inserted
    } catch SQLState.uniqueViolation {
      guard isSettling else { return .collision }
      return try isStored(link, connection) ? .inserted : .collision
    } catch {
      throw error
    }
  }

  private func insert(
    _ links: [Link], isSettling: Bool, _ connection: Postgres.Connection
  ) throws(PostgresError) -> BatchOutcome {
    do throws(PostgresError) {
      _ = try connection.execute(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
        SELECT * FROM unnest(\(links.map(\.id.rawValue)), \(links.map(\.slug.description)), \
        \(links.map(\.destination.description)), \(milliseconds: links.map(\.createdAt)))
        """, "insert links", timeoutMilliseconds: writeTimeout)
      return .inserted
    } catch SQLState.uniqueViolation {
      return .refused(isSettling: isSettling)
    } catch {
      throw error
    }
  }

  private func isStored(
    _ link: Link, _ connection: Postgres.Connection
  ) throws(PostgresError) -> Bool {
    let rows = try connection.execute(
      """
      SELECT 1 FROM short_urls WHERE snowflake_id = \(link.id.rawValue)
      AND short_code = \(link.slug.description)
      AND original_url = \(link.destination.description)
      """, "settle an insert", timeoutMilliseconds: readTimeout)
    return rows.count == 1
  }
}
