import ClickHouse
import Links

/// Which visits a list is of.
enum VisitSet: Equatable, Sendable {
  /// Those of some links.
  case links([Int64])
  /// Those of all links, or of those in one domain.
  case all(domain: Int?)
  /// Those that met no link, in some domains; nil for all of them.
  case orphans([OrphanType], domains: [Int]?)

  /// The limit of links: so many ids fit into a statement, also when it names them twice.
  static let linkLimit = 10_000

  /// Whether it is known to be empty.
  var isEmpty: Bool {
    switch self {
    case .links(let ids): ids.isEmpty
    case .all: false
    case .orphans(let types, let domains): types.isEmpty || domains?.isEmpty == true
    }
  }

  /// The scopes whose visits may have been deleted together; none for sets of many links.
  var scopes: [UInt64] {
    switch self {
    case .links(let ids): ids.count == 1 ? ids.map { UInt64(clamping: $0) } : []
    case .all: []
    case .orphans(let types, _): types.map(\.scope.rawValue)
    }
  }

  /// Holds for its rows of `visits`; not for one that stands for many visits without details.
  var condition: SQL {
    guard case .orphans = self else { return countedCondition }
    return "\(countedCondition) AND weight = 1"
  }

  /// Holds for all of its rows, whose weights add up to its visits.
  var countedCondition: SQL {
    switch self {
    case .links(let ids): return "link IN (\(list: ids))"
    case .all(nil): return "link >= \(Scope.firstLink.rawValue)"
    case .all(let domain?): return "link >= \(Scope.firstLink.rawValue) AND domain = \(domain)"
    case .orphans(let types, let domains):
      let scopes = types.map(\.scope.rawValue)
      let isHere: SQL = domains.map { "AND domain IN (\(list: $0))" } ?? ""
      return "link IN (\(list: scopes)) \(isHere)"
    }
  }

  /// Holds for the rows of `link_totals` that add up to it; nil where none do.
  var totalsCondition: SQL? {
    switch self {
    case .links(let ids): "scope IN (\(list: ids))"
    case .all(nil): "scope >= \(Scope.firstLink.rawValue)"
    case .orphans(let types, domains: nil): "scope IN (\(list: types.map(\.scope.rawValue)))"
    case .all, .orphans: nil
    }
  }
}
