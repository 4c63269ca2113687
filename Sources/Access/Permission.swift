/// What an operation asks of its caller.
package enum Permission: Equatable, Sendable {
  /// Nothing: it is for everyone, and a key isn't looked at.
  case open
  case read(Subject)
  /// Makes something new.
  case create(Subject)
  /// Changes or deletes what is there.
  case edit(Subject)

  /// What people manage.
  package enum Subject: Sendable {
    case shortURLs
    case visits
    case tags
    case domains
    case keys
    case tenants
  }

  /// Whether it is for keys that manage the installation: those with all rights, and with `admin`.
  var isOfAdministration: Bool {
    switch self {
    case .open: false
    case .read(let subject): subject == .keys || subject == .tenants
    case .create(let subject), .edit(let subject):
      subject == .keys || subject == .tenants || subject == .domains
    }
  }

  /// Whether it is for keys of tenant 0 alone.
  var isOfDefaultTenant: Bool {
    switch self {
    case .open: false
    case .read(let subject), .create(let subject), .edit(let subject): subject == .tenants
    }
  }
}
