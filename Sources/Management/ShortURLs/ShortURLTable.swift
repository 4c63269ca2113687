package import Links
import Lookup
import Postgres
package import Service
package import Sessions

/// The links as they are made and changed: what is written to PostgreSQL's table `short_urls`, the only
/// place where they must not be lost.
package final class ShortURLTable {
  private let session: PostgresSession
  private let readTimeout: Int
  private let writeTimeout: Int

  package enum Insertion: Sendable {
    case inserted
    /// Another link has this id or slug already, or the slug is reserved.
    case collision
  }

  package enum BatchInsertion: Equatable, Sendable {
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
  ///   - isSettling: Whether an attempt whose outcome is unknown went before.
  /// - Returns: Whether it is stored, or its id or slug can't be had.
  /// - Throws: `StoreError` when neither is known.
  package func insert(_ link: Link, isSettling: Bool = false) throws(StoreError) -> Insertion {
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
  package func insert(_ links: [Link]) throws(StoreError) -> BatchInsertion {
    precondition(links.allSatisfy(\.key.isOfDefaultDomain), "other domains have no table")
    guard !links.contains(where: \.slug.isReserved) else { return .refused(isSettling: false) }
    return try session.transaction("insert links") { connection throws(PostgresError) in
      try insert(links, isSettling: false, connection)
    } settle: { connection throws(PostgresError) in
      try insert(links, isSettling: true, connection)
    }
  }

  /// Changes links, all of them or none, durable once this returns.
  ///
  /// The same statement adds a row to `outbox` for each changed link, so the dispatcher knows of every
  /// change. A link that is as it should be already gets a row, too: then it is announced again.
  ///
  /// The rows are locked in the order of their names, so two changes of the same links can't wait for
  /// each other.
  ///
  /// A `transaction` that is settled when the connection is lost before the answer comes: the same
  /// change is made again on a new one. If the server is still making the lost one, the second waits
  /// for that, by the locks of the rows.
  ///
  /// - Parameters:
  ///   - keys: Names in the default domain.
  ///   - change: What happens to each.
  /// - Returns: The links that have these names as they are now, by name. A deleted one is as it was,
  ///   unless the change is to delete it.
  /// - Throws: `StoreError` when it isn't known what became of the change.
  package func change(
    _ keys: [LinkKey], _ change: ShortURLChange
  ) throws(StoreError) -> [Link] {
    precondition(keys.allSatisfy(\.isOfDefaultDomain), "other domains have no table")
    let codes = keys.map(\.slug.description)
    return try session.transaction("change links") { connection throws(PostgresError) in
      try self.change(codes, change, connection)
    } settle: { connection throws(PostgresError) in
      try self.change(codes, change, connection)
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
  ) throws(PostgresError) -> Insertion {
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
  ) throws(PostgresError) -> BatchInsertion {
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

  private func change(
    _ codes: [String], _ change: ShortURLChange, _ connection: Postgres.Connection
  ) throws(PostgresError) -> [Link] {
    let isOpen: SQL = change == .delete ? "TRUE" : "deleted_at IS NULL"
    let rows = try connection.execute(
      """
      WITH named AS (
        SELECT * FROM short_urls WHERE short_code = ANY(\(codes)) ORDER BY short_code
        FOR NO KEY UPDATE
      ), changed AS (
        UPDATE short_urls SET \(change.assignment)
        WHERE snowflake_id IN (SELECT snowflake_id FROM named WHERE \(isOpen)) RETURNING *
      ), announced AS (
        INSERT INTO outbox (link, slug) SELECT snowflake_id, short_code FROM changed
      )
      SELECT short_code, \(LinkRow.columns) FROM changed
      UNION ALL SELECT short_code, \(LinkRow.columns) FROM named WHERE NOT (\(isOpen))
      ORDER BY short_code
      """, "change links", timeoutMilliseconds: writeTimeout)
    return try rows.map { row throws(PostgresError) -> Link? in
      guard let slug = Slug(try row.text()) else { return nil }
      return try LinkRow.link(named: LinkKey(slug), &row)
    }.compactMap(\.self)
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

extension ShortURLChange {
  fileprivate var assignment: SQL {
    switch self {
    case .edit(let destination): "original_url = \(destination.description)"
    case .disable: "disabled_at = coalesce(disabled_at, clock_timestamp())"
    case .enable: "disabled_at = NULL"
    case .delete: "deleted_at = coalesce(deleted_at, clock_timestamp())"
    }
  }
}
