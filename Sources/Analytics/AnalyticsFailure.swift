package import Sessions
package import Web

/// All failures of a question about visits.
package enum AnalyticsFailure: Answerable {
  case unknownCode
  /// ClickHouse, which has the counts, or PostgreSQL, which has the links, is unavailable now.
  case unavailable(StoreError)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .unavailable(let error):
      .unavailable(
        error.store == .clickHouse
          ? "Statistics can't be read for now; redirects go on and are counted."
          : "Which link has this name can't be told for now.",
        retryAfterSeconds: error.retryAfterSeconds)
    }
  }
}
