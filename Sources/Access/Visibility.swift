/// Which rows of a store a caller can see and change.
///
/// Every method of a store that reads or changes rows for people takes one, and joins it to its
/// conditions. What is out of sight doesn't exist for the caller.
package enum Visibility: Equatable, Sendable {
  case nothing
  case everything
  /// What belongs to a tenant; of that only what a key made, and what is in one domain, where these are
  /// given ('' is the default domain).
  case tenant(Int, author: Int? = nil, domain: String? = nil)

  package init(of caller: Caller) {
    switch caller {
    case .anyone: self = .nothing
    case .operator: self = .everything
    case .operatorOf(let tenant): self = .tenant(tenant)
    case .key(let key):
      self = .tenant(
        key.tenant, author: key.authoredOnly ? key.id : nil, domain: key.domain)
    }
  }
}
