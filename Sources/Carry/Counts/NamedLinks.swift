import Links
import Postgres

/// The links of PostgreSQL whose name doesn't tell their id, read in pages.
struct NamedLinks {
  /// The number of links read by one query.
  private static let pageRows = 10_000
  private static let timeout = 60_000

  /// Returns the connection; called for each page, throws to end the reading.
  let session: () throws -> Connection
  /// The last link that was read; nil after the last page.
  private(set) var last: Int64? = .min

  init(_ session: @escaping () throws -> Connection) {
    self.session = session
  }

  /// Those of the next page's links whose name doesn't tell their id.
  mutating func next() throws -> [(name: String, link: Scope)] {
    guard let last else { return [] }
    let links = try session().execute(
      """
      SELECT snowflake_id, short_code FROM short_urls WHERE snowflake_id > \(last)
      ORDER BY snowflake_id LIMIT \(Self.pageRows)
      """, "read the names of links", timeoutMilliseconds: Self.timeout
    ).map { row throws(PostgresError) in (id: try row.integer(), name: try row.text()) }
    self.last = links.last?.id
    return links.compactMap { id, name in
      let link = Scope(link: SnowflakeID(rawValue: id), name: name.utf8)
      return link.isLink && link != Scope(name: name.utf8) ? (name, link) : nil
    }
  }
}
