/// What the holder of an API key may do: roles, scopes, and limits.
package struct KeyRights: Equatable, Sendable {
  /// Whether it sees only links that it made (`AUTHORED_SHORT_URLS`).
  package var isAuthoredOnly: Bool
  /// The only domain that it sees (`DOMAIN_SPECIFIC`); nil for all of its tenant, '' for the default one.
  package var domain: String?
  /// Whether it sees no orphan visits (`NO_ORPHAN_VISITS`).
  package var hasNoOrphanVisits: Bool
  package var scopes: Set<Scope>
  /// Requests a minute; nil for any number.
  package var rateLimit: Int?
  /// Milliseconds since 1970; nil for never.
  package var expiresAt: Int64?

  /// All rights, unless something is said.
  package init(
    isAuthoredOnly: Bool = false, domain: String? = nil, hasNoOrphanVisits: Bool = false,
    scopes: Set<Scope> = [], rateLimit: Int? = nil, expiresAt: Int64? = nil
  ) {
    self.isAuthoredOnly = isAuthoredOnly
    self.domain = domain
    self.hasNoOrphanVisits = hasNoOrphanVisits
    self.scopes = scopes
    self.rateLimit = rateLimit
    self.expiresAt = expiresAt
  }

  /// Whether there is neither a role nor a scope.
  package var isEverything: Bool {
    !isAuthoredOnly && domain == nil && !hasNoOrphanVisits && scopes.isEmpty
  }

  package var isAdministrator: Bool { isEverything || scopes.contains(.admin) }
  package var hasAnyScheme: Bool { isEverything || scopes.contains(.anyScheme) }

  /// Without these two words a key may do everything that is no administration.
  private var isNarrowed: Bool { scopes.contains(.readOnly) || scopes.contains(.createOnly) }
  package var mayRead: Bool { !isNarrowed || scopes.contains(.readOnly) }
  package var mayCreate: Bool { !isNarrowed || scopes.contains(.createOnly) }
  package var mayEdit: Bool { !isNarrowed }

  /// Whether a key with these rights may make or change a key with those.
  package func cover(_ other: KeyRights) -> Bool {
    (!isAuthoredOnly || other.isAuthoredOnly)
      && (domain == nil || domain == other.domain)
      && (!hasNoOrphanVisits || other.hasNoOrphanVisits)
      && (mayRead || !other.mayRead) && (mayCreate || !other.mayCreate)
      && (mayEdit || !other.mayEdit)
      && (hasAnyScheme || !other.hasAnyScheme)
      && (isAdministrator || !other.isAdministrator)
      && Self.covers(rateLimit, other.rateLimit) && Self.covers(expiresAt, other.expiresAt)
  }

  private static func covers<Limit: Comparable>(_ limit: Limit?, _ other: Limit?) -> Bool {
    guard let limit else { return true }
    return other.map { $0 <= limit } ?? false
  }
}
