import Access
import Postgres

/// The table `domains` as far as one caller can see it, on one connection; `Units` lends it.
package struct DomainTable {
  /// How many domains a list has at most, in addition to the default one.
  static let limit = 1_000
  /// How many domains a tenant may make: every worker remembers all domains of all tenants.
  package static let tenantLimit = 500

  let connection: Connection
  let caller: Caller
  /// Holds for the links that are there for the caller.
  private let isThere: SQL
  /// The time for a list; nil for any time.
  let time: ListTime?
  let timeout: Int
  /// Whether anything was changed.
  var hasChanged = false

  init(
    _ connection: Connection, for caller: Caller, isThere: SQL, _ time: ListTime?,
    timeoutMilliseconds: Int
  ) {
    self.connection = connection
    self.caller = caller
    self.isThere = isThere
    self.time = time
    timeout = timeoutMilliseconds
  }

  /// The domains that have links or redirects, the default one first, then by name.
  ///
  /// Who sees only links of their own sees the domains of these links. The default domain is called `name`.
  package func list(defaultName name: String) throws(TableError) -> ListedDomains {
    let isDefaultSeen = caller.domain.map(\.isEmpty) ?? true
    let others = try others()
    guard isDefaultSeen else { return ListedDomains(domains: others) }
    try time?.limitNext()
    let first = ListedDomain(authority: name, isDefault: true, redirects: try defaultRedirects())
    return ListedDomains(domains: [first] + others)
  }

  private func others() throws(TableError) -> [ListedDomain] {
    var conditions: [SQL] = ["number <> 0", "tenant = \(caller.tenant)"]
    if let domain = caller.domain { conditions.append("authority = \(domain)") }
    let isOfAuthor = caller.key?.authoredOnly == true
    let hasRedirects: SQL =
      "coalesce(base_url_redirect, regular_404_redirect, invalid_short_url_redirect) IS NOT NULL"
    let hasLinks: SQL = """
      EXISTS (SELECT FROM short_urls WHERE domain = authority AND domain <> '' AND \(isThere))
      """
    conditions.append(isOfAuthor ? hasLinks : "\(hasRedirects) OR \(hasLinks)")
    return try connection.executeOnce(
      """
      SELECT authority, \(Self.redirects) FROM domains WHERE \(SQL.all(conditions))
      ORDER BY authority LIMIT \(Self.limit)
      """, "list domains", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in
      ListedDomain(
        authority: try row.text(), isDefault: false, redirects: try Self.redirects(&row))
    }
  }

  /// The default domain's are its tenant's; others see that there are none for them.
  private func defaultRedirects() throws(TableError) -> DomainRedirects {
    try connection.execute(
      """
      SELECT \(Self.redirects) FROM domains WHERE number = 0 AND tenant = \(caller.tenant)
      """, "find the default domain", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.redirects(&row) } ?? DomainRedirects()
  }

  static let redirects: SQL =
    "base_url_redirect, regular_404_redirect, invalid_short_url_redirect"

  static func redirects(
    _ row: inout RowReader
  ) throws(PostgresError) -> DomainRedirects {
    DomainRedirects(
      baseURL: try row.optionalText(), regular404: try row.optionalText(),
      invalidShortURL: try row.optionalText())
  }
}
