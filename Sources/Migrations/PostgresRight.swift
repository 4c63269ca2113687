import Service

/// A right on a table of ours.
struct PostgresRight: Equatable, Sendable {
  enum Privilege: String, Sendable {
    case select = "SELECT"
    case insert = "INSERT"
    case update = "UPDATE"
    case delete = "DELETE"
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
    case .dispatcher:
      [
        PostgresRight(privilege: .select, table: "outbox"),
        PostgresRight(privilege: .update, table: "outbox"),
        PostgresRight(privilege: .delete, table: "outbox"),
        PostgresRight(privilege: .select, table: "announced_cache"),
        PostgresRight(privilege: .insert, table: "announced_cache"),
        PostgresRight(privilege: .update, table: "announced_cache"),
      ]
    }
  }
}
