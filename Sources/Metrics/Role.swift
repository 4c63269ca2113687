/// The programs that count, and of the shortener each role.
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
  /// It runs until all old clicks are carried, then there is none.
  case carry

  /// Those that answer requests for a short code.
  package static let redirecting: [Role] = [.redirects, .lookups, .retries]

  /// Those of which a host has one at least while it serves.
  package static let serving = allCases.filter { $0 != .carry }

  /// What it answers besides redirects.
  var endpoints: [Endpoint] {
    switch self {
    case .redirects, .lookups, .retries: [.none]
    case .api: [.shorten, .health, .metrics, .none]
    case .analytics: [.stats, .statsHealth, .none]
    case .relay, .consumer, .invalidator, .dispatcher, .carry: []
    }
  }
}
