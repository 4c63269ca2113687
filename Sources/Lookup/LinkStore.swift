package import Links
import Postgres
package import Service
package import Sessions

/// The links, in PostgreSQL's table `short_urls`: the only place where they must not be lost.
package final class LinkStore {
  private let session: PostgresSession
  private let readTimeout: Int
  private let writeTimeout: Int

  package enum Insertion: Sendable {
    case inserted
    /// Another link has this id or code already.
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

  /// The link with this code, or `nil` if there is none.
  ///
  /// A row whose URL can't be a `Location` counts as none: Swiftlet stored no such URL.
  package func find(_ code: ShortCode) throws(StoreError) -> Link? {
    let operation = "find a link"
    return try session.run(operation) { connection, _ throws(PostgresError) in
      let rows = try connection.execute(
        """
        SELECT snowflake_id, original_url, created_at FROM short_urls
        WHERE short_code = \(code.description)
        """, operation, timeoutMilliseconds: readTimeout)
      return try rows.first { row throws(PostgresError) in
        let id = SnowflakeID(rawValue: try row.integer())
        let destination = DestinationURL(stored: try row.text())
        let createdAt = try row.milliseconds()
        return destination.map {
          Link(id: id, code: code, destination: $0, createdAt: createdAt)
        }
      } ?? nil
    }
  }

  /// Stores a link, durable once this returns.
  ///
  /// When the connection breaks before the answer comes, the outcome is settled on a new one: the
  /// same row is inserted again, and if it stands there already it is ours.
  ///
  /// - Parameters:
  ///   - link: The link.
  ///   - isSettling: Whether an attempt whose outcome is unknown went before.
  /// - Returns: Whether it is stored, or another link has its id or code.
  /// - Throws: `StoreError` when neither is known.
  package func insert(_ link: Link, isSettling: Bool = false) throws(StoreError) -> Insertion {
    let operation = "insert a link"
    return try session.run(operation) { connection, isSecondTry throws(PostgresError) in
      do throws(PostgresError) {
        _ = try connection.execute(
          """
          INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
          VALUES (\(link.id.rawValue), \(link.code.description), \
          \(link.destination.description), \(milliseconds: link.createdAt))
          """, operation, timeoutMilliseconds: writeTimeout)
        return .inserted
      } catch SQLState.uniqueViolation {
        guard isSettling || isSecondTry else { return .collision }
        return try isStored(link, connection) ? .inserted : .collision
      } catch {
        throw error
      }
    }
  }

  /// Stores links, all of them or none, durable once this returns.
  ///
  /// When the connection breaks before the answer comes, the same rows are inserted again. They are
  /// refused if one id is taken, by the first attempt or by others: each is to be settled by itself.
  package func insert(_ links: [Link]) throws(StoreError) -> BatchInsertion {
    let operation = "insert links"
    return try session.run(operation) { connection, isSecondTry throws(PostgresError) in
      do throws(PostgresError) {
        _ = try connection.execute(
          """
          INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
          SELECT * FROM unnest(\(links.map(\.id.rawValue)), \(links.map(\.code.description)), \
          \(links.map(\.destination.description)), \(milliseconds: links.map(\.createdAt)))
          """, operation, timeoutMilliseconds: writeTimeout)
        return .inserted
      } catch SQLState.uniqueViolation {
        return .refused(isSettling: isSecondTry)
      } catch {
        throw error
      }
    }
  }

  /// The latest timestamp of all ids stored, in milliseconds since the Snowflake epoch; -1 if there
  /// is none.
  package func latestTimestamp() throws(StoreError) -> Int64 {
    let operation = "find the latest id"
    return try session.run(operation) { connection, _ throws(PostgresError) in
      let rows = try connection.execute(
        "SELECT max(snowflake_id) FROM short_urls", operation, timeoutMilliseconds: readTimeout)
      let latest = try rows.one { row throws(PostgresError) in try row.optionalInteger() }
      return latest.map { SnowflakeID(rawValue: $0).timestamp } ?? -1
    }
  }

  /// Asks PostgreSQL for nothing but an answer.
  package func ping() throws(StoreError) {
    let operation = "ping"
    try session.run(operation) { connection, _ throws(PostgresError) in
      _ = try connection.execute("SELECT 1", operation, timeoutMilliseconds: readTimeout)
    }
  }

  private func isStored(
    _ link: Link, _ connection: Postgres.Connection
  ) throws(PostgresError) -> Bool {
    let rows = try connection.execute(
      """
      SELECT 1 FROM short_urls WHERE snowflake_id = \(link.id.rawValue)
      AND short_code = \(link.code.description)
      AND original_url = \(link.destination.description)
      """, "settle an insert", timeoutMilliseconds: readTimeout)
    return rows.count == 1
  }
}
