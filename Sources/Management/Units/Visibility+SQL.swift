import Access
package import Postgres

extension Visibility {
  /// Holds for the rows of `short_urls` that are in sight.
  package var condition: SQL {
    switch self {
    case .nothing: "FALSE"
    case .everything: "TRUE"
    }
  }
}
