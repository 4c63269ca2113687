/// On whose behalf an operation runs.
package enum Caller: Equatable, Sendable {
  /// Somebody without credentials.
  case anyone
  /// Who runs the command line on the server: everything is theirs.
  case `operator`
  /// The same, on behalf of one tenant.
  case operatorOf(tenant: Int)
  /// Who has sent an API key.
  case key(Key)

  /// To which tenant belongs what the caller makes.
  package var tenant: Int {
    switch self {
    case .anyone, .operator: 0
    case .operatorOf(let tenant): tenant
    case .key(let key): key.tenant
    }
  }

  /// The id of the key; nil without one.
  package var author: Int? { key?.id }

  package var key: Key? { if case .key(let key) = self { key } else { nil } }

  /// The only domain of the caller, whatever the request says; nil for all of them, '' for the default one.
  package var domain: String? { key?.domain }

  /// Whether it is the command line, which nobody else waits behind.
  package var isOfCommandLine: Bool {
    switch self {
    case .operator, .operatorOf: true
    case .anyone, .key: false
    }
  }

  /// Whether the caller sees only some links of its tenant.
  package var isRestricted: Bool { key.map { $0.authoredOnly || $0.domain != nil } ?? false }

  /// Whether the caller manages keys, and makes a domain by naming it.
  package var isAdministrator: Bool { may(.edit(.keys)) }

  /// Whether links of the caller may lead to URLs of other schemes than http and https.
  package var hasAnyScheme: Bool {
    switch self {
    case .anyone: false
    case .operator, .operatorOf: true
    case .key(let key): key.rights.hasAnyScheme
    }
  }

  /// Whether orphan visits are there for the caller.
  package var seesOrphanVisits: Bool {
    switch self {
    case .anyone: false
    case .operator, .operatorOf: true
    case .key(let key): !key.hasNoOrphanVisits
    }
  }

  package func may(_ permission: Permission) -> Bool { refusal(of: permission) == nil }

  /// Why the caller may not do what is asked; nil when they may.
  package func refusal(of permission: Permission) -> AccessFailure? {
    switch self {
    case .anyone: permission == .open ? nil : .noKey
    case .operator, .operatorOf: nil
    case .key(let key): key.refusal(of: permission).map { .forbidden($0) }
    }
  }
}
