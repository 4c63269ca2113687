import Links
import Postgres
import Sessions

/// A program of the releases before links could be changed: its statements on one session, word by word.
final class OldProgram {
  private let session: PostgresSession

  init(_ session: PostgresSession) {
    self.session = session
  }

  func find(_ key: LinkKey) throws(StoreError) -> Link? {
    try session.read("find a link") { connection throws(PostgresError) in
      let rows = try connection.execute(
        """
        SELECT snowflake_id, original_url, created_at FROM short_urls
        WHERE short_code = \(key.slug.description)
        """, "find a link", timeoutMilliseconds: 20_000)
      return try rows.first { row throws(PostgresError) in
        Link(
          id: SnowflakeID(rawValue: try row.integer()), key: key,
          destination: DestinationURL(unchecked: try row.text()),
          createdAt: try row.milliseconds())
      }
    }
  }

  func insert(_ link: Link) throws(StoreError) {
    try session.transaction("insert a link") { connection throws(PostgresError) in
      _ = try connection.execute(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
        VALUES (\(link.id.rawValue), \(link.slug.description), \
        \(link.destination.description), \(milliseconds: link.createdAt))
        """, "insert a link", timeoutMilliseconds: 20_000)
    }
  }
}
