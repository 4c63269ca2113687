package import API
package import Access
import JSON

/// The input of an edit of a key: each field is kept, set or cleared.
package struct KeyEdition: Equatable, Sendable {
  package var name: Change<String> = .keep
  package var roles: Change<[KeyRole]> = .keep
  package var scopes: Change<[Scope]> = .keep
  package var expiresAt: Change<Int64> = .keep
  package var rateLimit: Change<Int> = .keep
  package var isEnabled: Change<Bool> = .keep

  /// One that keeps everything.
  package init() {}

  package init(from reader: inout InputReader) {
    name = reader.change("name", .label(sample: "newsletter"), Self.nameSummary)
    roles = reader.change("roles", .keyRoles, Self.rolesSummary)
    scopes = reader.change("scopes", .scopes, Self.scopesSummary)
    expiresAt = reader.change(
      "expiresAt", .time, clears: true, "When it stops working; null for never.")
    rateLimit = reader.change("rateLimit", .rateLimit, clears: true, Self.limitSummary)
    isEnabled = reader.change("enabled", .boolean, "Whether it works.")
  }

  static let nameSummary = "What people call it; no other key of the tenant has this name."
  static let rolesSummary = """
    AUTHORED_SHORT_URLS: only links that it made. DOMAIN_SPECIFIC: only links of one domain. \
    NO_ORPHAN_VISITS: no visits that belong to no link.
    """
  static let scopesSummary = """
    read-only and create-only: nothing else, or both of these. any-scheme: links to URLs such as \
    mailto:, too. admin: keys, tenants and domains. A key without roles and scopes may do everything.
    """
  static let limitSummary = "Requests a minute; null for any number."

  /// A key after this edit.
  func edited(_ key: APIKey) -> APIKey {
    var key = key
    if let name = name.value { key.name = name }
    if let roles = roles.value { key.rights = key.rights.with(roles) }
    if let scopes = scopes.value { key.rights.scopes = Set(scopes) }
    if !expiresAt.isKept { key.rights.expiresAt = expiresAt.value }
    if !rateLimit.isKept { key.rights.rateLimit = rateLimit.value }
    if let isEnabled = isEnabled.value { key.isEnabled = isEnabled }
    return key
  }
}
