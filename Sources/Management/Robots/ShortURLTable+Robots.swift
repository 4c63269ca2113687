import Links
package import Postgres

extension ShortURLTable {
  /// The first slugs of a domain's links that robots may follow.
  func crawlable(in domain: String) throws(PostgresError) -> [Slug] {
    try connection.execute(
      Self.crawlable(in: domain), "list crawlable links", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in Slug(try row.text()) }.compactMap { $0 }
  }

  package static func crawlable(in domain: String) -> SQL {
    """
    SELECT short_code FROM short_urls
    WHERE deleted_at IS NULL AND crawlable AND domain = \(domain) AND disabled_at IS NULL
      AND (valid_since IS NULL OR valid_since <= now())
      AND (valid_until IS NULL OR valid_until > now())
    ORDER BY short_code LIMIT \(CrawlableLinks.limit)
    """
  }
}
