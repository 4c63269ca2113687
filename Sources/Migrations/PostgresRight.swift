import Service

/// A right on a table of ours.
struct PostgresRight: Equatable, Sendable {
  enum Privilege: String, Sendable {
    case select = "SELECT"
    case insert = "INSERT"
    case update = "UPDATE"
  }

  let privilege: Privilege
  let table: String
}

extension PostgresUser {
  /// What it does in PostgreSQL, and nothing besides.
  var rights: [PostgresRight] {
    switch self {
    case .owner: []
    case .lookup, .analytics: [PostgresRight(privilege: .select, table: "short_urls")]
    case .api:
      [
        PostgresRight(privilege: .select, table: "short_urls"),
        PostgresRight(privilege: .insert, table: "short_urls"),
        PostgresRight(privilege: .select, table: "worker_leases"),
        PostgresRight(privilege: .update, table: "worker_leases"),
      ]
    }
  }
}
