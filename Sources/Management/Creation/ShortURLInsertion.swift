package import Access
package import Links
import Postgres
package import Service
package import Sessions

/// Inserts new links into PostgreSQL's table `short_urls`, the only place where they must not be
/// lost.
///
/// It is no `Unit`: one statement stores many links, and a link's id tells whether it is stored. A
/// new link needs no row in `outbox`, because no cache remembers its name. An id is new. A random code
/// that any link has or had is a collision.
package final class ShortURLInsertion {
  private let session: PostgresSession
  private let readTimeout: Int
  private let writeTimeout: Int

  package enum Outcome: Sendable {
    case inserted
    /// Another link has this id or slug already, the slug is reserved, or it is random and a deleted link
    /// had it.
    case collision
  }

  package enum BatchOutcome: Equatable, Sendable {
    case inserted
    /// No link of them is stored.
    ///
    /// When settling, an attempt whose answer was lost may have stored all of them.
    case refused(isSettling: Bool)
  }

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    readTimeout = settings.postgresReadTimeoutMilliseconds
    writeTimeout = settings.postgresWriteTimeoutMilliseconds
  }

  /// Stores a link, durable once this returns.
  ///
  /// It is a `transaction` that is settled when the connection is lost before the answer: the same
  /// row is inserted again on a new one. An id belongs to one link only. So a row with this id and
  /// the link's slug and URL proves that the lost attempt has stored it. To look instead of
  /// inserting is not enough: the server may still be about to commit the lost attempt. By the
  /// primary key, the second insertion waits for that.
  ///
  /// - Parameters:
  ///   - link: The link.
  ///   - caller: The caller who makes the link.
  ///   - isSettling: Whether there was an earlier attempt with an unknown outcome.
  /// - Returns: Whether it is stored, or its id or slug is taken.
  /// - Throws: `StoreError` when neither is known.
  package func insert(
    _ link: Link, for caller: Caller, isSettling: Bool = false
  ) throws(StoreError) -> Outcome {
    precondition(link.key.isOfDefaultDomain, "a Unit makes links of other domains")
    guard !link.slug.isReserved else { return .collision }
    return try session.transaction("insert a link") { connection throws(PostgresError) in
      try insert(link, for: caller, isSettling: isSettling, connection)
    } settle: { connection throws(PostgresError) in
      try insert(link, for: caller, isSettling: true, connection)
    }
  }

  /// Stores links, all of them or none, durable once this returns.
  ///
  /// It is a `transaction` that is settled like the insertion of one link. The same rows are
  /// refused if one id is taken, by the lost attempt or by others. Then the caller settles each
  /// link by itself.
  package func insert(
    _ links: [Link], for callers: [Caller]
  ) throws(StoreError) -> BatchOutcome {
    precondition(links.allSatisfy(\.key.isOfDefaultDomain), "a Unit makes links of other domains")
    guard !links.contains(where: \.slug.isReserved) else { return .refused(isSettling: false) }
    return try session.transaction("insert links") { connection throws(PostgresError) in
      try insert(links, for: callers, isSettling: false, connection)
    } settle: { connection throws(PostgresError) in
      try insert(links, for: callers, isSettling: true, connection)
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
    _ link: Link, for caller: Caller, isSettling: Bool, _ connection: Postgres.Connection
  ) throws(PostgresError) -> Outcome {
    do throws(PostgresError) {
      let made = try connection.execute(
        """
        INSERT INTO short_urls
          (snowflake_id, short_code, original_url, created_at, tenant, author)
        SELECT \(link.id.rawValue), \(link.slug.description), \
        \(link.destination.description), \(milliseconds: link.createdAt), \
        \(caller.tenant), \(caller.author)
        \(Self.ifNew([link]))
        """, "insert a link", timeoutMilliseconds: writeTimeout
      ).affected
      if made > 0 { return .inserted }
    } catch SQLState.uniqueViolation {
      // As if it had inserted nothing.
    } catch {
      throw error
    }
    guard isSettling else { return .collision }
    return try isStored(link, connection) ? .inserted : .collision
  }

  /// Holds while no link has or had the random codes among the links' names.
  ///
  /// A name of a deleted link is remembered as gone by caches, which nobody tells of a new link.
  private static func ifNew(_ links: [Link]) -> SQL {
    let codes = links.filter { $0.slug != Slug($0.id) }.map(\.slug.description)
    guard !codes.isEmpty else { return "" }
    return """
      WHERE NOT EXISTS (SELECT FROM short_urls WHERE short_code = ANY(\(codes)) AND domain = '')
      """
  }

  private func insert(
    _ links: [Link], for callers: [Caller], isSettling: Bool, _ connection: Postgres.Connection
  ) throws(PostgresError) -> BatchOutcome {
    do throws(PostgresError) {
      let made = try connection.execute(
        """
        INSERT INTO short_urls
          (snowflake_id, short_code, original_url, created_at, tenant, author)
        SELECT * FROM unnest(\(links.map(\.id.rawValue)), \(links.map(\.slug.description)), \
        \(links.map(\.destination.description)), \(milliseconds: links.map(\.createdAt)), \
        \(callers.map { Int64($0.tenant) }), \(callers.map { $0.author.map(Int64.init) }))
        \(Self.ifNew(links))
        """, "insert links", timeoutMilliseconds: writeTimeout
      ).affected
      return made > 0 ? .inserted : .refused(isSettling: isSettling)
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
