/// Which rows of a store a caller can see and change.
///
/// Every method of a store that reads or changes rows for people takes one, and joins it to its
/// conditions. What is out of sight doesn't exist for the caller.
package enum Visibility: Equatable, Sendable {
  case nothing
  case everything

  package init(of caller: Caller) {
    switch caller {
    case .anyone: self = .nothing
    case .operator: self = .everything
    }
  }
}
