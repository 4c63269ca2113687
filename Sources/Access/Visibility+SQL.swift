package import Postgres

extension Visibility {
  /// Holds for the rows of `short_urls` that are in sight.
  package var condition: SQL {
    switch self {
    case .nothing: return "FALSE"
    case .everything: return "TRUE"
    case .tenant(let tenant, let author, let domain):
      let conditions: [SQL?] = [
        "tenant = \(tenant)", author.map { "author = \($0)" }, domain.map { "domain = \($0)" },
      ]
      return .all(conditions.compactMap(\.self))
    }
  }
}
