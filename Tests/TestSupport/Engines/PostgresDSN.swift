/// `PG_DSN` of the private stack with other keywords laid over it.
package enum PostgresDSN {
  /// A DSN for a database, by name.
  package static func database(_ name: String) throws -> String {
    try with("dbname", name)
  }

  /// The superuser's.
  ///
  /// It drops a database in which a worker of autovacuum is: nobody else may end that.
  package static func superuser() throws -> String { try with("user", "postgres") }

  /// The value must need no escape: letters, digits, `/`, `-`, `_`.
  package static func with(_ keyword: String, _ value: String) throws -> String {
    let dsn = try TestStack.value("PG_DSN")
    guard dsn.hasPrefix("postgres://") || dsn.hasPrefix("postgresql://") else {
      return "\(dsn) \(keyword)=\(value)"
    }
    return dsn + (dsn.contains("?") ? "&" : "?") + "\(keyword)=\(value)"
  }
}
