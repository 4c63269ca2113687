package import Sessions
package import Web

/// Every way in which a question about visits can fail.
package enum AnalyticsFailure: Answerable {
  case unknownCode
  /// ClickHouse, which has the counts, or PostgreSQL, which has the links, can't be had for now.
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
