import Access
import Links
import Postgres
package import Service
package import Sessions

/// The links whose visits people read: which of them a caller can see, and where they led.
package struct VisitedLinks {
  private let session: PostgresSession
  private let timeout: Int
  /// When whoever asks has to have the answer; nil for no limit other than that of each question.
  private var deadline: Int64?

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    // The server ends a slow statement first, so that the connection stays.
    timeout = settings.postgresWriteTimeoutMilliseconds + settings.postgresReadTimeoutMilliseconds
  }

  /// The same, which answer before a moment or fail.
  func answering(by deadline: Int64) -> VisitedLinks {
    var links = self
    links.deadline = deadline
    return links
  }

  // MARK: Sets

  /// The link of this name that is there for the caller; nil when there is none.
  func link(
    _ slug: Slug, domain: String, for visibility: Visibility
  ) throws(StoreError) -> Int64? {
    try numbers(
      "find a link",
      """
      SELECT snowflake_id FROM short_urls WHERE short_code = \(slug.description)
        AND domain = \(domain) AND \(Self.isThere(visibility)) LIMIT 1
      """
    ).first
  }

  /// The links with a tag that are there for the caller, in one domain or in all; one more than a set may
  /// have where there are more.
  ///
  /// - Returns: Nil when there is no such tag for the caller.
  func links(
    tagged tag: String, of tenant: Int, in domain: String?, for visibility: Visibility
  ) throws(StoreError) -> [Int64]? {
    let links = try numbers(
      "find the links of a tag",
      """
      SELECT snowflake_id FROM short_urls
      WHERE snowflake_id IN (
        SELECT link FROM short_url_tags WHERE tag = (\(Self.tag(tag, of: tenant)))
      ) AND \(Self.isIn(domain)) AND \(Self.isThere(visibility)) LIMIT \(VisitSet.linkLimit + 1)
      """)
    if !links.isEmpty { return links }
    // A caller who sees some links only learns nothing of tags that none of these have.
    guard visibility.isOfWholeTenant else {
      guard domain != nil else { return nil }
      return try self.links(tagged: tag, of: tenant, in: nil, for: visibility).map { _ in [] }
    }
    return try numbers("find a tag", Self.tag(tag, of: tenant)).isEmpty ? nil : []
  }

  /// The links in the caller's sight, deleted ones among them; one more than a set may have where there are
  /// more.
  func links(
    in domain: String?, for visibility: Visibility
  ) throws(StoreError) -> [Int64] {
    try numbers(
      "find links",
      """
      SELECT snowflake_id FROM short_urls
      WHERE \(.all([visibility.condition, Self.isIn(domain)])) LIMIT \(VisitSet.linkLimit + 1)
      """)
  }

  /// Whether all visits are of links in the caller's sight: no other tenant has anything, and none that was
  /// deleted had a link.
  func isEverything(_ visibility: Visibility) throws(StoreError) -> Bool {
    switch visibility {
    case .everything: return true
    case .tenant(0, nil, nil):
      return try numbers(
        "look for other tenants",
        """
        (SELECT 1::int8 FROM tenants WHERE id <> 0 LIMIT 1) UNION ALL
        (SELECT 1::int8 FROM short_urls WHERE tenant <> 0 AND deleted_at IS NULL LIMIT 1)
        UNION ALL
        (SELECT 1::int8 FROM short_urls WHERE tenant <> 0 AND deleted_at IS NOT NULL LIMIT 1)
        """
      ).isEmpty
    case .nothing, .tenant: return false
    }
  }

  // MARK: Domains

  /// The number of a domain that is there for the caller; nil when there is none.
  func domain(_ authority: String, of tenant: Int, _ caller: Visibility) throws(StoreError) -> Int?
  {
    // Links in the default domain may be anybody's.
    if authority.isEmpty { return 0 }
    let isTheirs: SQL = caller == .everything ? "TRUE" : "tenant = \(tenant)"
    return try numbers(
      "find a domain",
      "SELECT number::int8 FROM domains WHERE authority = \(authority) AND \(isTheirs)"
    ).first.map { Int($0) }
  }

  /// The numbers of the domains whose visits without a link are there for the caller; nil for all of them.
  func domains(for visibility: Visibility) throws(StoreError) -> [Int]? {
    switch visibility {
    case .everything: return nil
    case .nothing: return []
    case .tenant(let tenant, _, let domain):
      if domain == nil, try isEverything(.tenant(tenant)) { return nil }
      let isTheirs: SQL = domain.map { "authority = \($0)" } ?? "TRUE"
      return try numbers(
        "find domains",
        """
        SELECT number::int8 FROM domains WHERE tenant = \(tenant) AND \(isTheirs)
        ORDER BY number LIMIT \(VisitSet.linkLimit)
        """
      ).map { Int($0) }
    }
  }

  // MARK: Totals

  /// The visits of the links in the caller's sight.
  func totals(for visibility: Visibility) throws(StoreError) -> VisitTotals.Count {
    let operation = "add up visits"
    return try session.read(operation) { connection throws(PostgresError) in
      try connection.execute(
        """
        SELECT coalesce(sum(link_visits.total), 0)::int8, coalesce(sum(link_visits.bots), 0)::int8
        FROM short_urls JOIN link_visits ON link = snowflake_id WHERE \(visibility.condition)
        """, operation, timeoutMilliseconds: timeout
      ).one { row throws(PostgresError) in
        VisitTotals.Count(total: Int(try row.integer()), bots: Int(try row.integer()))
      }
    }
  }

  // MARK: - SQL

  private static func tag(_ name: String, of tenant: Int) -> SQL {
    "SELECT id FROM tags WHERE tenant = \(tenant) AND name = \(name)"
  }

  private static func isIn(_ domain: String?) -> SQL {
    domain.map { "domain = \($0)" } ?? "TRUE"
  }

  private static func isThere(_ visibility: Visibility) -> SQL {
    .all([visibility.condition, "deleted_at IS NULL"])
  }

  private func numbers(_ operation: String, _ question: SQL) throws(StoreError) -> [Int64] {
    try read(operation) { connection, timeout throws(PostgresError) in
      try connection.execute(question, operation, timeoutMilliseconds: timeout).map {
        row throws(PostgresError) in try row.integer()
      }
    }
  }

  /// Reads from PostgreSQL; the body may run twice.
  func read<Result>(
    _ operation: String,
    _ body: (Connection, _ timeout: Int) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    let left = { deadline.map { Int($0 - SystemClock.monotonicMilliseconds()) } ?? timeout }
    guard left() > 0 else {
      throw StoreError(.postgres, .timeout, during: operation, "no time is left", retryAfter: 5)
    }
    return try session.read(operation) { connection throws(PostgresError) in
      try body(connection, max(1, min(left(), timeout)))
    }
  }
}

extension Visibility {
  /// Whether it is all that a tenant has.
  var isOfWholeTenant: Bool {
    switch self {
    case .everything, .tenant(_, nil, nil): true
    case .nothing, .tenant: false
    }
  }

  /// Whether it is only what one key made.
  var isOfAuthor: Bool {
    switch self {
    case .everything, .nothing, .tenant(_, nil, _): false
    case .tenant: true
    }
  }
}
