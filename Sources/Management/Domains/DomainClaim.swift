import Links

/// Whether links of a caller may be in a domain.
package enum DomainClaim: Equatable, Sendable {
  case granted
  /// It isn't the caller's, who may make none.
  case refused
  /// Nobody has it, and there are too many domains for another one.
  case full

  /// Why a domain can't be used.
  static let notYours = "is another tenant's: name one that is yours, or that nobody has"
  /// The same where the caller may not make the domain either.
  static let refusal = """
    is none that this key may use: name one that its tenant has, or make it first with a key that has all \
    rights
    """
  /// Why no domain can be made.
  static let tooMany = """
    can't be made: there are too many, \(DomainTable.tenantLimit) of a tenant or \(DomainList.limit) in all
    """
  /// What a caller is told then.
  static var fullFailure: ManagementFailure { .refused("domain", tooMany) }
}
