import API
import Access
import Links
import Postgres

/// Changes of the domains of the caller's tenant.
///
/// Each is announced by a row of `outbox`, which a trigger writes.
extension DomainTable {
  /// Whether links of the caller may be in a domain, which is made if nobody has it and the caller may.
  ///
  /// Nobody deletes the domain before this transaction ends.
  package mutating func claim(_ domain: String) throws(TableError) -> DomainClaim {
    guard !domain.isEmpty else { return .granted }
    if let isOurs = try isOurs(domain, isKept: true) { return isOurs ? .granted : .refused }
    guard caller.isAdministrator || caller.domain == domain else { return .refused }
    if try Self.make(domain, of: caller.tenant, connection, timeoutMilliseconds: timeout) {
      hasChanged = true
    }
    return try isOurs(domain, isKept: true).map { $0 ? .granted : .refused } ?? .full
  }

  /// Makes a domain of a tenant unless somebody has it, or there are too many.
  ///
  /// - Returns: Whether it was made.
  static func make(
    _ domain: String, of tenant: Int, _ connection: Connection, timeoutMilliseconds timeout: Int
  ) throws(TableError) -> Bool {
    _ = try connection.execute(
      "SELECT pg_advisory_xact_lock(\(AdvisoryLock.domains)::int4, 0)",
      "wait for those who make domains", timeoutMilliseconds: timeout)
    return try connection.execute(
      """
      INSERT INTO domains (authority, tenant) SELECT \(domain), \(tenant)
      WHERE (SELECT count(*) FROM domains) < \(DomainList.limit) AND (
        SELECT count(*) FROM domains WHERE tenant = \(tenant) AND number <> 0
      ) < \(tenantLimit)
      ON CONFLICT DO NOTHING
      """, "make a domain", timeoutMilliseconds: timeout
    ).affected > 0
  }

  /// Whether a domain is the caller's tenant's, or nobody's yet; the default one is everybody's.
  func mayBeOurs(_ domain: String) throws(TableError) -> Bool {
    if domain.isEmpty { return true }
    return try isOurs(domain) ?? true
  }

  /// Nil when nobody has the domain.
  private func isOurs(_ domain: String, isKept: Bool = false) throws(TableError) -> Bool? {
    let lock: SQL = isKept ? "FOR KEY SHARE" : ""
    return try connection.execute(
      "SELECT tenant = \(caller.tenant) FROM domains WHERE authority = \(domain) \(lock)",
      "find a domain", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.bool() }
  }

  /// Sets the redirects of a domain.
  ///
  /// - Returns: All of them; nil when the caller's tenant has no such domain.
  package mutating func set(
    _ edition: DomainRedirectsEdition, of domain: String
  ) throws(TableError) -> DomainRedirects? {
    let redirects = try connection.execute(
      """
      UPDATE domains SET
        base_url_redirect = \(Self.value("base_url_redirect", edition.baseURL)),
        regular_404_redirect = \(Self.value("regular_404_redirect", edition.regular404)),
        invalid_short_url_redirect = \(Self.value("invalid_short_url_redirect", edition.invalidShortURL))
      WHERE authority = \(domain) AND tenant = \(caller.tenant)
      RETURNING \(Self.redirects)
      """, "set the redirects of a domain", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.redirects(&row) }
    if redirects != nil { hasChanged = true }
    return redirects
  }

  private static func value(_ column: SQL, _ change: Change<DestinationURL>) -> SQL {
    switch change {
    case .keep: column
    case .set(let url): "\(url.description)"
    case .clear: "NULL"
    }
  }
}
