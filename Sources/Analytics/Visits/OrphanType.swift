import Links

/// Why a visit met no link, with Shlink's words.
package enum OrphanType: String, CaseIterable, Sendable {
  case invalidShortURL = "invalid_short_url"
  case baseURL = "base_url"
  case regular404 = "regular_404"

  init?(_ scope: Scope) {
    guard let type = Self.allCases.first(where: { $0.scope == scope }) else { return nil }
    self = type
  }

  var scope: Scope {
    switch self {
    case .invalidShortURL: .invalidShortURL
    case .baseURL: .baseURL
    case .regular404: .regular404
    }
  }
}
