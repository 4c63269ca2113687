package import Links
package import Postgres

/// A row of PostgreSQL's table `short_urls` as a link.
package enum LinkRow {
  /// The columns that `link(named:_:)` reads, in order.
  package static let columns: SQL =
    "snowflake_id, original_url, created_at, disabled_at IS NOT NULL, deleted_at IS NOT NULL"

  /// Reads the next columns of a row.
  ///
  /// - Returns: Nil when the URL can't be a `Location`; Swiftlet never stores such a URL.
  package static func link(
    named key: LinkKey, _ row: inout RowReader
  ) throws(PostgresError) -> Link? {
    let id = SnowflakeID(rawValue: try row.integer())
    let destination = DestinationURL(stored: try row.text())
    let createdAt = try row.milliseconds()
    let isDisabled = try row.bool()
    let isDeleted = try row.bool()
    return destination.map {
      Link(
        id: id, key: key, destination: $0, createdAt: createdAt,
        state: isDeleted ? .deleted : isDisabled ? .disabled : .enabled)
    }
  }
}
