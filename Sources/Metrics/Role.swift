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

  /// Those that answer requests for a short code.
  package static let redirecting: [Role] = [.redirects, .lookups, .retries]

  /// What it answers besides redirects.
  var endpoints: [Endpoint] {
    switch self {
    case .redirects, .lookups, .retries: [.none]
    case .api: [.shorten, .health, .metrics, .none]
    case .analytics: [.stats, .statsHealth, .none]
    case .relay, .consumer: []
    }
  }
}
