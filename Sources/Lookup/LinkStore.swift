package import Links
import Postgres
package import Service
package import Sessions

/// The links as look-ups see them: what is read from PostgreSQL's table `short_urls`.
package final class LinkStore {
  private let session: PostgresSession
  private let readTimeout: Int

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    readTimeout = settings.postgresReadTimeoutMilliseconds
  }

  /// The link of this name, or `nil` if there is none.
  ///
  /// Only the default domain has links.
  /// A row whose URL can't be a `Location` counts as none: Swiftlet stored no such URL.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func find(_ key: LinkKey) throws(StoreError) -> Link? {
    guard key.isOfDefaultDomain else { return nil }
    let operation = "find a link"
    return try session.read(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        """
        SELECT snowflake_id, original_url, created_at FROM short_urls
        WHERE short_code = \(key.slug.description)
        """, operation, timeoutMilliseconds: readTimeout)
      return try rows.first { row throws(PostgresError) in
        let id = SnowflakeID(rawValue: try row.integer())
        let destination = DestinationURL(stored: try row.text())
        let createdAt = try row.milliseconds()
        return destination.map {
          Link(id: id, key: key, destination: $0, createdAt: createdAt)
        }
      } ?? nil
    }
  }

  /// Asks PostgreSQL for nothing but an answer.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func ping() throws(StoreError) {
    let operation = "ping"
    try session.read(operation) { connection throws(PostgresError) in
      _ = try connection.execute("SELECT 1", operation, timeoutMilliseconds: readTimeout)
    }
  }
}
