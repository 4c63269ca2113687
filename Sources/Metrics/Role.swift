/// The programs that count; the shortener has one role for each of its pools.
///
/// The names are those of the slots' files and of the label `program`.
package enum Role: String, CaseIterable, Sendable {
  /// The shortener's redirect workers.
  case redirects = "shortener"
  /// Its look-up workers.
  case lookups = "lookup"
  case api
  /// The shortener's retry workers.
  case retries = "spare"
  case analytics
  case relay
  case consumer
  case invalidator
  case dispatcher
  /// Runs until all old clicks are carried, then never again.
  case carry

  /// Those that answer requests for a short code.
  package static let redirecting: [Role] = [.redirects, .lookups, .retries]

  /// Roles with at least one process on each host that serves.
  package static let serving = allCases.filter { $0 != .carry }

  /// The endpoints that it answers, other than redirects.
  var endpoints: [Endpoint] {
    switch self {
    case .redirects, .lookups, .retries: [.track, .none]
    case .api: [.shorten, .shortURLs, .health, .metrics, .none]
    case .analytics: [.stats, .statsHealth, .visits, .none]
    case .relay, .consumer, .invalidator, .dispatcher, .carry: []
    }
  }
}
