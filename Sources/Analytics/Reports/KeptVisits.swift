import ClickHouse
import Links

/// The visits of a set that nobody has asked to delete.
struct KeptVisits {
  /// The limit of scopes with deletions: so many fit into a statement that names as many links as well.
  static let limit = VisitSet.linkLimit

  let set: VisitSet
  /// The last batch that a deletion takes, by scope.
  private let deletions: [(scope: UInt64, batch: UInt64)]

  /// From the answer to `deletions(of:since:)`; nil for more deletions than a statement may name.
  init?(_ set: VisitSet, _ rows: some Collection<[String]>) {
    guard rows.count <= Self.limit else { return nil }
    self.set = set
    deletions = rows.compactMap { row in
      guard row.count == 2, let scope = UInt64(row[0]), let batch = UInt64(row[1]) else {
        return nil
      }
      return (scope, batch)
    }
  }

  /// The question for the scopes in a set whose deletions may still have rows, and for their last batch.
  ///
  /// It finds one more than the limit where there are more: only a set without a list of links can have
  /// so many. There it asks for deletions that aren't done, or were done lately. The server takes the rows
  /// away some time after a deletion is said to be done.
  static func deletions(of set: VisitSet, since second: Int64) -> SQL {
    let isMeant: SQL =
      switch set {
      case .links(let ids): "scope IN (\(list: ids))"
      case .orphans(let types, _): "scope IN (\(list: types.map(\.scope.rawValue)))"
      case .all:
        """
        scope >= \(Scope.firstLink.rawValue) AND id IN (SELECT id FROM visit_deletions GROUP BY id
          HAVING max(step) = 'asked' OR max(at) >= toDateTime(\(second), 'UTC'))
        """
      }
    return """
      SELECT scope, max(batch) FROM visit_deletions WHERE step = 'asked' AND \(isMeant)
      GROUP BY scope LIMIT \(limit + 1)
      """
  }

  /// Holds for all rows of them.
  var condition: SQL {
    guard !deletions.isEmpty else { return set.countedCondition }
    // One term, whose length alone grows with them.
    return """
      \(set.countedCondition) AND batch >= transform(link, [\(list: deletions.map(\.scope))],
        [\(list: deletions.map { $0.batch &+ 1 })], toUInt64(0))
      """
  }
}
