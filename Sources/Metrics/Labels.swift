/// A label with few values; each has a number in the layout and a word in the text.
///
/// No value ever comes from a request: values that a client can choose would grow without a bound.
package protocol Label: RawRepresentable<Int>, CaseIterable, Sendable {
  static var name: String { get }
  var text: String { get }
}

package enum RedirectOutcome: Int, Label {
  case redirected
  case notFound
  /// No store could say where the link leads.
  case unavailable
  /// The link is disabled or deleted.
  case gone

  package static let name = "outcome"

  package var text: String {
    switch self {
    case .redirected: "redirected"
    case .notFound: "not_found"
    case .unavailable: "unavailable"
    case .gone: "gone"
    }
  }
}

/// Why a visit met no link, with the words of the REST API.
package enum MissType: Int, Label {
  case baseURL
  case invalidShortURL
  case regular404

  package static let name = "type"

  package var text: String {
    switch self {
    case .baseURL: "base_url"
    case .invalidShortURL: "invalid_short_url"
    case .regular404: "regular_404"
    }
  }
}

/// The stores that are asked where a link leads, in this order.
package enum LookupTier: Int, Label {
  /// The worker's own memory.
  case hot
  case redis
  case postgres

  package static let name = "tier"
  package var text: String { "\(self)" }

  /// The possible results: memory never fails, and PostgreSQL's “no such link” counts as a miss.
  var results: [LookupResult] {
    switch self {
    case .hot: [.hit, .negative, .miss]
    case .redis: LookupResult.allCases
    case .postgres: [.hit, .miss, .error]
    }
  }
}

package enum LookupResult: Int, Label {
  case hit
  /// A remembered answer that there is no such link.
  case negative
  case miss
  case error

  package static let name = "result"
  package var text: String { "\(self)" }
}

package enum Endpoint: Int, Label {
  case shorten
  case health
  case metrics
  case stats
  case statsHealth
  /// Paths, methods and targets that no endpoint takes.
  case none
  /// Links as people manage them.
  case shortURLs
  /// API keys and tenants.
  case keys
  /// Lists of visits, and their totals.
  case visits
  case tags
  case domains
  /// The pixels of links.
  case track

  package static let name = "endpoint"

  package var text: String {
    switch self {
    case .statsHealth: "stats_health"
    case .shortURLs: "short_urls"
    default: "\(self)"
    }
  }
}

package enum StatusClass: Int, Label {
  case success
  case redirection
  case clientError
  case serverError

  package init(status: Int) {
    switch status {
    case ..<300: self = .success
    case ..<400: self = .redirection
    case ..<500: self = .clientError
    default: self = .serverError
    }
  }

  package static let name = "status"
  package var text: String { "\(rawValue + 2)xx" }
}

/// The store that gave a worker id.
package enum LeaseStore: Int, Label {
  case redis
  case postgres

  package static let name = "source"
  package var text: String { "\(self)" }
}

package enum LeaseEvent: Int, CaseIterable, Sendable {
  case grant
  case renewal
  case loss
  /// An id that PostgreSQL had already.
  case collision
}

package enum ClickQueue: Int, CaseIterable, Sendable {
  case clicks
  case dead
}
