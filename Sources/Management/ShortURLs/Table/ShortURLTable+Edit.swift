import API
package import Links
package import Postgres

/// Edits of links.
extension ShortURLTable {
  /// Edits a link.
  ///
  /// - Returns: The changed link; nil when there is none, or a deleted one.
  package mutating func edit(
    _ key: LinkKey, _ edition: ShortURLEdition
  ) throws(PostgresError) -> ShortURL? {
    let destination: SQL = "coalesce(\(edition.longURL.value?.description), original_url)"
    guard
      let edited = try change(
        key, where: isThere, Self.assignments(edition), destination: destination, "edit a short URL"
      )
    else { return nil }
    if !edition.maxVisits.isKept {
      try setBudget(of: edited.id, to: edition.maxVisits.value)
    }
    return edited
  }

  /// Gives a link other redirect rules, as JSON text; nil for none.
  ///
  /// - Returns: The changed link; nil when there is none, or a deleted one.
  package mutating func setRules(
    of key: LinkKey, to rules: String?
  ) throws(PostgresError) -> ShortURL? {
    try change(
      key, where: isThere, "title = title", rules: "\(rules)", "set redirect rules")
  }

  /// Where a link leads, and its redirect rules as JSON text; nil when there is none.
  ///
  /// If `isLocking`, nobody else changes the link before this transaction ends.
  package func rules(
    of key: LinkKey, isLocking: Bool = false
  ) throws(PostgresError) -> (longURL: String, rules: String?)? {
    let lock: SQL = isLocking ? "FOR UPDATE" : ""
    return try connection.execute(
      """
      SELECT left(original_url, \(unsafe: "\(ShortURL.longestURL)")), rules FROM short_urls
      WHERE \(Self.isNamed(key)) AND \(isThere) \(lock)
      """, "find redirect rules", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in
      (longURL: try row.text(), rules: try row.optionalText())
    }
  }

  /// When a link leads somewhere; nil when there is none.
  ///
  /// Nobody else changes the link before this transaction ends.
  func validity(of key: LinkKey) throws(PostgresError) -> Validity? {
    try connection.execute(
      """
      SELECT valid_since, valid_until FROM short_urls
      WHERE \(Self.isNamed(key)) AND \(isThere) FOR UPDATE
      """, "find when a link is valid", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in
      Validity(since: try row.optionalMilliseconds(), until: try row.optionalMilliseconds())
    }
  }

  private static func assignments(_ edition: ShortURLEdition) -> SQL {
    """
    title = CASE WHEN \(edition.title.isKept) THEN title ELSE \(edition.title.value) END,
    title_wanted = title_wanted AND \(edition.title.isKept),
    valid_since = CASE WHEN \(edition.validSince.isKept) THEN valid_since
      ELSE \(milliseconds: edition.validSince.value) END,
    valid_until = CASE WHEN \(edition.validUntil.isKept) THEN valid_until
      ELSE \(milliseconds: edition.validUntil.value) END,
    max_visits = CASE WHEN \(edition.maxVisits.isKept) THEN max_visits
      ELSE \(edition.maxVisits.value) END,
    crawlable = coalesce(\(edition.isCrawlable), crawlable),
    forward_query = coalesce(\(edition.forwardsQuery), forward_query),
    preview = coalesce(\(edition.hasPreview), preview),
    disabled_at = CASE \(edition.isEnabled.value) WHEN TRUE THEN NULL
      WHEN FALSE THEN coalesce(disabled_at, clock_timestamp()) ELSE disabled_at END
    """
  }

  // MARK: Budgets

  /// Sets how many visits a link is allowed; nil for no limit.
  ///
  /// A first limit starts from the visits by people that are known, which lag by some seconds. Another one
  /// keeps the count of those that are spent, unless more are known: also when there was no limit in between.
  private func setBudget(of link: SnowflakeID, to limit: Int?) throws(PostgresError) {
    let operation = "set a limit of visits"
    guard let limit else {
      // No limit: the row stays, since it has the count.
      _ = try connection.execute(
        "UPDATE visit_budgets SET allowed = \(Int(Int32.max)) WHERE link = \(link.rawValue)",
        operation, timeoutMilliseconds: timeout)
      return
    }
    _ = try connection.execute(
      """
      INSERT INTO visit_budgets (link, allowed, spent)
      SELECT \(link.rawValue), \(limit), greatest(0, coalesce(
        (SELECT total - bots FROM link_visits WHERE link = \(link.rawValue)), 0))
      ON CONFLICT (link) DO UPDATE
      SET allowed = excluded.allowed, spent = greatest(visit_budgets.spent, excluded.spent)
      """, operation, timeoutMilliseconds: timeout)
  }
}
