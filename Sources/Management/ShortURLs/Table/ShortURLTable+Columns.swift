import Links
package import Postgres
import Service

/// A row of `short_urls` as a `ShortURL`.
extension ShortURLTable {
  /// The columns that `shortURL(_:)` reads, in order.
  package static let columns: SQL =
    """
    snowflake_id, short_code, domain, left(original_url, \(unsafe: "\(ShortURL.longestURL)")), \
    created_at, left(title, \(unsafe: "\(ShortURL.longestTitle)")), disabled_at IS NULL, \
    valid_since, valid_until, max_visits, crawlable, forward_query, preview, rules IS NOT NULL, \
    \(TagTable.namesOfLink), revision::int8, \
    (SELECT total FROM link_visits WHERE link_visits.link = snowflake_id), \
    (SELECT bots FROM link_visits WHERE link_visits.link = snowflake_id)
    """

  /// Reads the next columns of a row, with any content.
  func shortURL(_ row: inout RowReader) throws(PostgresError) -> ShortURL {
    let id = SnowflakeID(rawValue: try row.integer())
    let shortCode = try row.text()
    let domain = try row.text()
    return ShortURL(
      id: id, shortCode: shortCode, domain: domain.isEmpty ? nil : domain,
      shortURL: "\(base.beginning(ofLinksIn: domain))/\(shortCode)", longURL: try row.text(),
      createdAt: try row.milliseconds(), title: try row.optionalText(),
      isEnabled: try row.bool(),
      meta: ShortURL.Meta(
        validSince: try row.optionalMilliseconds(), validUntil: try row.optionalMilliseconds(),
        maxVisits: try row.optionalInteger().map { Int($0) }),
      isCrawlable: try row.bool(), forwardsQuery: try row.bool(), hasPreview: try row.bool(),
      hasRules: try row.bool(), tags: try row.texts(), number: Int(try row.integer()),
      visits: Int(try row.optionalInteger() ?? 0), botVisits: Int(try row.optionalInteger() ?? 0))
  }
}
