package import Access
package import Links
import Postgres
package import Service
package import Sessions

/// Asks PostgreSQL whether a caller sees a link.
package struct LinkSight {
  private let session: PostgresSession
  private let timeout: Int

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    timeout = settings.postgresReadTimeoutMilliseconds
  }

  /// Whether a link is in sight.
  package func includes(
    _ link: SnowflakeID, _ visibility: Visibility
  ) throws(StoreError) -> Bool {
    let operation = "look whose a link is"
    return try session.read(operation) { connection throws(PostgresError) in
      try connection.execute(
        "SELECT FROM short_urls WHERE snowflake_id = \(link.rawValue) AND \(visibility.condition)",
        operation, timeoutMilliseconds: timeout
      ).count > 0
    }
  }
}
