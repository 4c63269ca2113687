import API
import Access
package import Links
package import Postgres

/// The table `short_urls` as far as one caller can see it, on one connection.
///
/// `Units` lends it: for reading, and within a unit also for changing. Each change adds its row to
/// `outbox` by the same statement, so the dispatcher knows every change. A change that changes
/// nothing also gets a row, and is announced again.
package struct ShortURLTable {
  let connection: Connection
  /// Holds for the rows that the caller can see.
  let isVisible: SQL
  let base: String
  let timeout: Int
  /// The names of the links that were changed.
  private(set) var changed: [LinkKey] = []

  init(
    _ connection: Connection, _ visibility: Visibility, base: String, timeoutMilliseconds: Int
  ) {
    self.connection = connection
    // In parentheses, so that an OR in it stays its own.
    isVisible = .all([visibility.condition])
    self.base = base
    timeout = timeoutMilliseconds
  }

  /// Holds for the links that are there for the caller: visible, and not deleted.
  var isThere: SQL { .all([isVisible, "deleted_at IS NULL"]) }

  // MARK: Columns

  /// The columns that `shortURL(_:)` reads, in order.
  static let columns: SQL =
    """
    snowflake_id, short_code, left(original_url, \(unsafe: "\(ShortURL.longestURL)")), created_at, \
    left(title, \(unsafe: "\(ShortURL.longestTitle)")), disabled_at IS NULL
    """

  /// Reads the next columns of a row, with any content.
  func shortURL(_ row: inout RowReader) throws(PostgresError) -> ShortURL {
    ShortURL(
      id: SnowflakeID(rawValue: try row.integer()), shortCode: try row.text(),
      longURL: try row.text(), createdAt: try row.milliseconds(), title: try row.optionalText(),
      isEnabled: try row.bool(), base: base)
  }

  private static func assignments(_ edition: ShortURLEdition) -> SQL {
    """
    original_url = coalesce(\(edition.longURL.value?.description), original_url),
    title = CASE WHEN \(edition.title.isKept) THEN title ELSE \(edition.title.value) END,
    disabled_at = CASE \(edition.isEnabled.value) WHEN TRUE THEN NULL
      WHEN FALSE THEN coalesce(disabled_at, clock_timestamp()) ELSE disabled_at END
    """
  }

  // MARK: Read

  /// The link of this name; nil when there is none, or a deleted one.
  package func find(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    guard key.isOfDefaultDomain else { return nil }
    return try connection.execute(
      """
      SELECT \(Self.columns) FROM short_urls
      WHERE short_code = \(key.slug.description) AND \(isThere)
      """, "find a short URL", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
  }

  /// The names among these that links have, each with whether its link is deleted.
  package func names(among slugs: [Slug]) throws(PostgresError) -> [Slug: Bool] {
    let rows = try connection.execute(
      """
      SELECT short_code, deleted_at IS NOT NULL FROM short_urls
      WHERE short_code = ANY(\(slugs.map(\.description))) AND \(isVisible)
      """, "look for names", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in (try row.text(), try row.bool()) }
    let areDeleted = Dictionary(rows) { first, _ in first }
    return Dictionary(
      slugs.compactMap { slug in areDeleted[slug.description].map { (slug, $0) } }
    ) { first, _ in first }
  }

  // MARK: Change

  /// Edits a link.
  ///
  /// - Returns: The changed link; nil when there is none, or a deleted one.
  package mutating func edit(
    _ key: LinkKey, _ edition: ShortURLEdition
  ) throws(PostgresError) -> ShortURL? {
    try change(key, where: isThere, Self.assignments(edition), "edit a short URL")
  }

  /// Deletes a link permanently; its row stays, so that its name stays taken.
  ///
  /// - Returns: The link as it was; nil when there is none. A deleted one is deleted again.
  package mutating func delete(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    try change(
      key, where: isVisible, "deleted_at = coalesce(deleted_at, clock_timestamp())",
      "delete a short URL")
  }

  private mutating func change(
    _ key: LinkKey, where condition: SQL, _ assignments: SQL, _ operation: String
  ) throws(PostgresError) -> ShortURL? {
    guard key.isOfDefaultDomain else { return nil }
    let answer = try connection.execute(
      """
      WITH changed AS (
        UPDATE short_urls SET \(assignments)
        WHERE short_code = \(key.slug.description) AND \(condition) RETURNING *
      ), announced AS (
        INSERT INTO outbox (link, slug) SELECT snowflake_id, short_code FROM changed
      )
      SELECT \(Self.columns) FROM changed
      """, operation, timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
    if answer != nil { changed.append(key) }
    return answer
  }
}
