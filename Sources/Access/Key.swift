package import Hashing

/// An API key without its secret: whose it is, and what its holder may do.
package struct Key: Equatable, Sendable {
  package let id: Int
  package let tenant: Int
  package let rights: KeyRights
  /// What is stored of its secret, by which a key that was rotated is told; nil where that wasn't read.
  package let hash: SHA256?
  /// The session by which its holder has come; nil where the key itself was sent.
  package let session: KeySession?

  package init(
    id: Int, tenant: Int, rights: KeyRights, hash: SHA256? = nil, session: KeySession? = nil
  ) {
    self.id = id
    self.tenant = tenant
    self.rights = rights
    self.hash = hash
    self.session = session
  }

  package var authoredOnly: Bool { rights.isAuthoredOnly }
  package var domain: String? { rights.domain }
  package var hasNoOrphanVisits: Bool { rights.hasNoOrphanVisits }
  package var scopes: Set<Scope> { rights.scopes }
  package var rateLimit: Int? { rights.rateLimit }

  /// Why it may not do what is asked; nil when it may.
  func refusal(of permission: Permission) -> String? {
    if case .offered(let offer) = permission {
      if offer == .shortening, let domain, !domain.isEmpty {
        return "This API key makes links of its own domain, by POST /rest/v3/short-urls."
      }
      return refusal(of: offer.permission)
    }
    if permission.isOfAdministration, !rights.isAdministrator {
      return "This needs an API key with the scope admin, or with all rights."
    }
    if permission.isOfDefaultTenant, tenant != 0 || authoredOnly || domain != nil {
      return "This needs an API key of the default tenant that sees all of its links."
    }
    let may =
      switch permission {
      case .open, .offered, .signIn, .own: true
      case .read: rights.mayRead
      case .create: rights.mayCreate
      case .edit: rights.mayEdit
      }
    guard !may else { return nil }
    let words = [Scope.readOnly, .createOnly].filter(scopes.contains).map(\.rawValue)
    return "The scopes of this API key are \(words.joined(separator: " and ")): it may not do this."
  }
}
