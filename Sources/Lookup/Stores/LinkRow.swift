package import Links
package import Postgres

/// A row of PostgreSQL's table `short_urls` as a link.
package enum LinkRow {
  /// The columns that `link(named:_:)` reads, in order.
  package static let columns: SQL =
    """
    snowflake_id, original_url, created_at, disabled_at IS NOT NULL, deleted_at IS NOT NULL, \
    CASE WHEN domain = '' THEN 0 ELSE (SELECT number FROM domains WHERE authority = domain) END, \
    revision, forward_query, crawlable, valid_since, valid_until, max_visits IS NOT NULL, rules
    """

  /// Reads the next columns of a row.
  ///
  /// - Returns: Nil when the URL can't be a `Location`, or rules or domain can't be read. Swiftlet
  ///   never stores such a row.
  package static func link(
    named key: LinkKey, _ row: inout RowReader
  ) throws(PostgresError) -> Link? {
    let id = SnowflakeID(rawValue: try row.integer())
    let destination = DestinationURL(stored: try row.text(), anyScheme: true)
    let createdAt = try row.milliseconds()
    let isDisabled = try row.bool()
    let isDeleted = try row.bool()
    let domain = try row.optionalInteger()
    var terms = LinkTerms(
      revision: UInt32(clamping: max(1, try row.integer())), forwardsQuery: try row.bool(),
      isCrawlable: try row.bool(), validSince: try row.optionalMilliseconds(),
      validUntil: try row.optionalMilliseconds(), isLimited: try row.bool())
    let rules = try row.optionalText()
    guard let destination, let domain else { return nil }
    if let rules {
      guard let rules = RedirectRules(stored: rules) else { return nil }
      terms.rules = rules
    }
    return Link(
      id: id, key: key, domain: UInt32(clamping: domain), destination: destination,
      createdAt: createdAt, state: isDeleted ? .deleted : isDisabled ? .disabled : .enabled,
      terms: terms)
  }
}
