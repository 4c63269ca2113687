import Access
import Postgres

/// How the links are found that have a term, by themselves or by a tag.
struct FoundLinks {
  /// Holds for them.
  let condition: SQL
  /// Selects the links that have it by a tag alone, where `condition` holds for them, too, but no index finds
  /// them by it; nil where an index does.
  var tagged: (text: SQL, links: SQL)?
}

/// The search in links and in the names of their tags.
extension ShortURLTable {
  /// How many tags are looked at one by one.
  private static let tagLimit = 1_000

  /// Looks for the way to the links that have a term.
  ///
  /// Where few links have it, they are found by the indexes, and else met one after the other in the list's
  /// order. PostgreSQL can't decide that: it doesn't know how many links a tag has.
  func search(_ term: SearchTerm, for caller: Caller) throws(TableError) -> FoundLinks {
    let isFound = SQL.all([Self.tags(of: caller), term.tagCondition])
    let ids = try connection.executeOnce(
      "SELECT id FROM tags WHERE \(isFound) LIMIT \(Self.tagLimit + 1)", "search in tags",
      timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in try row.integer() }
    guard !ids.isEmpty else { return FoundLinks(condition: term.condition) }
    if ids.count <= Self.tagLimit, try areFew(with: ids), try areFew(with: term) {
      return FoundLinks(
        condition: """
          snowflake_id = ANY(ARRAY(
            SELECT snowflake_id FROM short_urls WHERE \(SQL.all([isThere, term.condition]))
            UNION SELECT link FROM short_url_tags WHERE tag = ANY(\(ids))))
          """)
    }
    return FoundLinks(
      condition: """
        \(term.condition) OR EXISTS (
          SELECT FROM short_url_tags JOIN tags ON id = tag
          WHERE link = snowflake_id AND \(isFound) OFFSET 0)
        """,
      tagged: (
        term.condition,
        ids.count == 1
          ? "SELECT link FROM short_url_tags WHERE tag = \(ids[0])"
          : """
          SELECT DISTINCT link FROM short_url_tags WHERE tag IN (SELECT id FROM tags WHERE \(isFound))
          """
      ))
  }

  /// Holds for the tags that the links in sight may have.
  private static func tags(of caller: Caller) -> SQL {
    Visibility(of: caller) == .everything ? "TRUE" : "tenant = \(caller.tenant)"
  }

  private func areFew(with tags: [Int64]) throws(TableError) -> Bool {
    try areFew(
      """
      SELECT FROM unnest(\(tags)) AS wanted, LATERAL (
        SELECT FROM short_url_tags WHERE tag = wanted LIMIT \(ListedTag.few + 1)) AS links
      """)
  }

  private func areFew(with term: SearchTerm) throws(TableError) -> Bool {
    try areFew("SELECT FROM short_urls WHERE \(SQL.all([isThere, term.condition]))")
  }

  /// Whether a statement selects few rows; it is read no further than that.
  func areFew(_ rows: SQL) throws(TableError) -> Bool {
    try time?.limitNext()
    return try connection.executeOnce(
      "SELECT count(*) FROM (\(rows) LIMIT \(ListedTag.few + 1)) AS few", "count whether few",
      timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() } <= ListedTag.few
  }
}
