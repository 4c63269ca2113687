package import Links
import Metrics

/// The result of looking up a link's name in the cache.
package enum CacheLookup: Equatable, Sendable {
  case hit(PlainLink)
  case managed(ManagedLink)
  /// There was no such link a short while ago.
  case missing
  /// The link is disabled or deleted.
  case gone
  /// Unknown, or the cache can't be asked: PostgreSQL decides. The lease allows its answer into the
  /// cache.
  case unknown(CacheLease)
}

extension CacheLookup {
  init(_ record: LinkRecord) {
    switch record {
    case .plain(let link): self = .hit(link)
    case .managed(let link): self = .managed(link)
    case .absent: self = .missing
    case .gone: self = .gone
    }
  }
}

extension LinkRecord {
  /// The result for the metrics.
  var result: LookupResult {
    switch self {
    case .plain, .managed, .gone: .hit
    case .absent: .negative
    }
  }
}
