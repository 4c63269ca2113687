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

  /// What people manage.
  package enum Subject: Sendable {
    case shortURLs
    case visits
    case tags
    case domains
    case keys
    case tenants
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
    case .open, .offered: false
    case .read, .create, .edit: true
    }
  }

  /// Whether it is for keys that manage the installation: those with all rights, and with `admin`.
  var isOfAdministration: Bool {
    switch self {
    case .open, .offered: false
    case .read(let subject): subject == .keys || subject == .tenants
    case .create(let subject), .edit(let subject):
      subject == .keys || subject == .tenants || subject == .domains
    }
  }

  /// Whether it is for keys of tenant 0 alone.
  var isOfDefaultTenant: Bool {
    switch self {
    case .open, .offered: false
    case .read(let subject), .create(let subject), .edit(let subject): subject == .tenants
    }
  }
}
