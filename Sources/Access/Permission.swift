/// What an operation asks of its caller.
package enum Permission: Equatable, Sendable {
  /// Nothing: it is for everyone, and a key isn't looked at.
  case open
  case read(Subject)
  /// Makes something new.
  case create(Subject)
  /// Changes or deletes what is there.
  case edit(Subject)
  /// For everyone where the installation says so. Elsewhere it needs a key, and a key that is sent needs
  /// the right.
  case offered(Offer)
  /// Signs in: with a key of whatever rights, or with a code from this site's own page. A session isn't
  /// looked at: it may have ended.
  case signIn
  /// Sees or ends what belongs to the caller's own key, whatever that may do.
  case own

  /// What people manage.
  package enum Subject: Sendable {
    case shortURLs
    case visits
    case tags
    case domains
    case keys
    case tenants
    /// Health and numbers of the machine that answers.
    case host
  }

  /// What the installation may offer to everyone.
  package enum Offer: Sendable {
    /// `SHORTEN`
    case shortening
    /// `STATS`
    case statistics

    /// What it asks of a key.
    var permission: Permission {
      switch self {
      case .shortening: .create(.shortURLs)
      case .statistics: .read(.visits)
      }
    }
  }

  /// Whether a key that is sent is looked at.
  package var looksAtKeys: Bool { self != .open }

  /// Whether nobody may do it without a key, whatever the installation says.
  package var needsKey: Bool {
    switch self {
    case .open, .offered, .signIn: false
    case .read, .create, .edit, .own: true
    }
  }

  /// Whether it is for keys that manage the installation: those with all rights, and with `admin`.
  var isOfAdministration: Bool {
    switch self {
    case .open, .offered, .signIn, .own: false
    case .read(let subject): subject == .keys || subject == .tenants || subject == .host
    case .create(let subject), .edit(let subject):
      subject == .keys || subject == .tenants || subject == .host || subject == .domains
    }
  }

  /// Whether it is for keys of tenant 0 alone, which see all of its links.
  var isOfDefaultTenant: Bool {
    switch self {
    case .open, .offered, .signIn, .own: false
    case .read(let subject), .create(let subject), .edit(let subject):
      subject == .tenants || subject == .host
    }
  }
}
