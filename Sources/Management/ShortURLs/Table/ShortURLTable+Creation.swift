import Access
package import Links
package import Postgres

/// New links.
extension ShortURLTable {
  /// Inserts a link with its budget of visits.
  ///
  /// Of any number of writers who want one name at the same time, one gets it.
  ///
  /// - Returns: The link; nil when its name or its id is taken.
  mutating func insert(
    _ new: NewShortURL, for caller: Caller
  ) throws(PostgresError) -> ShortURL? {
    let creation = new.creation
    let made = try connection.execute(
      """
      WITH made AS (
        INSERT INTO short_urls (
          snowflake_id, short_code, domain, tenant, author, original_url, created_at, title,
          title_wanted, valid_since, valid_until, max_visits, crawlable, forward_query,
          preview)
        VALUES (
          \(new.id.rawValue), \(new.key.slug.description), \(new.key.domain), \(caller.tenant),
          \(caller.author), \(creation.longURL.description), \(milliseconds: new.id.createdAt),
          \(creation.title), \(new.wantsTitle), \(milliseconds: creation.validSince),
          \(milliseconds: creation.validUntil), \(creation.maxVisits), \(creation.isCrawlable),
          \(creation.forwardsQuery), \(creation.hasPreview))
        ON CONFLICT DO NOTHING RETURNING *
      ), budget AS (
        INSERT INTO visit_budgets (link, allowed)
        SELECT snowflake_id, max_visits FROM made WHERE max_visits IS NOT NULL
      ), announced AS (
        INSERT INTO outbox (link, domain, slug) SELECT snowflake_id, domain, short_code FROM made
      )
      SELECT \(Self.columns) FROM made
      """, "make a short URL", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
    if made != nil { noteChange(of: new.key) }
    return made
  }

  /// Whether a link has this name, whoever can see it.
  package func isTaken(_ key: LinkKey) throws(PostgresError) -> Bool {
    try connection.execute(
      """
      SELECT EXISTS (SELECT FROM short_urls WHERE \(Self.isNamed(key)) AND deleted_at IS NULL)
      """, "look for a name", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.bool() }
  }

  /// How many links to a URL are looked through: anybody can make any number of them.
  package static let candidates = 1000

  /// The oldest link that has all that a creation asks for, after those who make links to the same URL.
  ///
  /// It is one of the newest links to the URL, at most `candidates`. A disabled link is none: it leads
  /// nowhere.
  func existing(
    like new: NewShortURL, for caller: Caller
  ) throws(PostgresError) -> ShortURL? {
    let creation = new.creation
    let url = creation.longURL.description
    _ = try connection.execute(
      "SELECT pg_advisory_xact_lock(\(AdvisoryLock.destinations)::int4, hashtext(\(url)))",
      "wait for links to the same URL", timeoutMilliseconds: timeout)
    var conditions: [SQL] = [
      "original_url = \(url)", isThere, "disabled_at IS NULL", "tenant = \(caller.tenant)",
    ]
    if creation.domain != nil { conditions.append("domain = \(new.key.domain)") }
    if case .wanted(let slug) = creation.name {
      conditions.append("short_code = \(slug.description)")
    }
    if let limit = creation.maxVisits { conditions.append("max_visits = \(limit)") }
    if let time = creation.validSince { conditions.append("valid_since = \(milliseconds: time)") }
    if let time = creation.validUntil { conditions.append("valid_until = \(milliseconds: time)") }
    if !creation.tags.isEmpty {
      conditions.append("\(TagTable.namesOfLink) = \(creation.tags.map(\.description))")
    }
    return try connection.executeOnce(
      """
      SELECT \(Self.columns) FROM (
        SELECT * FROM short_urls
        WHERE hashtextextended(original_url, 0) = hashtextextended(\(url), 0) AND deleted_at IS NULL
        ORDER BY snowflake_id DESC LIMIT \(unsafe: "\(Self.candidates)")
      ) AS short_urls
      WHERE \(SQL.all(conditions)) ORDER BY snowflake_id LIMIT 1
      """, "find a short URL by its destination", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
  }
}
