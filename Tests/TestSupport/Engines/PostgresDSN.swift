/// `PG_DSN` of the private stack with other keywords laid over it.
package enum PostgresDSN {
  /// A DSN for a database, by name.
  package static func database(_ name: String) throws -> String {
    try with("dbname", name)
  }

  /// The value must need no escape: letters, digits, `/`, `-`, `_`.
  package static func with(_ keyword: String, _ value: String) throws -> String {
    let dsn = try TestStack.value("PG_DSN")
    guard dsn.hasPrefix("postgres://") || dsn.hasPrefix("postgresql://") else {
      return "\(dsn) \(keyword)=\(value)"
    }
    return dsn + (dsn.contains("?") ? "&" : "?") + "\(keyword)=\(value)"
  }
}
