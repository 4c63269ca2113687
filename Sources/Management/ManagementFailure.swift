import Links
package import Sessions
package import Web

/// Every way in which an operation on what people manage can fail.
package enum ManagementFailure: Answerable, Equatable {
  /// PostgreSQL, or who gives ids, can't be had for now.
  case unavailable(retryAfterSeconds: Int)

  package init(_ error: StoreError) {
    self = .unavailable(retryAfterSeconds: error.retryAfterSeconds)
  }

  package var problem: Problem {
    switch self {
    case .unavailable(let seconds):
      .unavailable("Links can't be stored for now.", retryAfterSeconds: seconds)
    }
  }
}
