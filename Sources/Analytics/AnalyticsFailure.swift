package import Web

/// Every way in which a question about visits can fail.
package enum AnalyticsFailure: Answerable, Equatable {
  case unknownCode
  /// ClickHouse has the counts.
  case countsUnavailable(retryAfterSeconds: Int)
  /// PostgreSQL has the links.
  case linksUnavailable(retryAfterSeconds: Int)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .countsUnavailable(let seconds):
      .unavailable(
        "Statistics can't be read for now; redirects go on and are counted.",
        retryAfterSeconds: seconds)
    case .linksUnavailable(let seconds):
      .unavailable(
        "Which link has this name can't be told for now.", retryAfterSeconds: seconds)
    }
  }
}
