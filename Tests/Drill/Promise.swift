/// What a drill promises at the least.
struct Promise {
  let name: String
  let claim: String

  /// All requests are redirected, and each redirect is one click.
  static let redirects = Promise(
    name: "redirects", claim: "Each request for a link is redirected and is one click")

  /// The same of links that the workers know; others may be put off, with Retry-After.
  static let warmRedirects = Promise(
    name: "redirects", claim: "Each request for a warm link is redirected and is one click")

  /// Requests may fail, or no harm to what takes clicks on can make them fail.
  static let clicks = Promise(
    name: "clicks", claim: "Each answered redirect is one click, stored as sent,")

  private init(name: String, claim: String) {
    self.name = name
    self.claim = claim
  }

  init(of component: Component, mayFail: Bool) {
    switch component {
    case .rabbitmq, .clickhouse, .relay, .consumer: self = .clicks
    case .postgres, .redis: self = mayFail ? .clicks : .warmRedirects
    case .worker, .lookup, .api, .spare, .nginx, .invalidator, .dispatcher:
      self = mayFail ? .clicks : .redirects
    }
  }
}
