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
  /// The columns that it leaves out; without any it is a right on the table.
  ///
  /// A column that a later migration adds belongs to the right.
  var columnsLeftOut: [String] = []
  /// The only columns that it is for; without any it is for all that aren't left out.
  var onlyColumns: [String] = []

  /// Whether it is a right on columns, not on the table.
  var isOfColumns: Bool { !columnsLeftOut.isEmpty || !onlyColumns.isEmpty }
}

extension PostgresUser {
  /// Exactly the rights that it needs in PostgreSQL.
  var rights: [PostgresRight] {
    switch self {
    case .owner: []
    case .lookup:
      [
        PostgresRight(privilege: .select, table: "short_urls"),
        PostgresRight(privilege: .select, table: "domains"),
        PostgresRight(privilege: .select, table: "visit_budgets"),
        PostgresRight(privilege: .update, table: "visit_budgets"),
        PostgresRight(privilege: .select, table: "spent_visits"),
        PostgresRight(privilege: .insert, table: "spent_visits"),
      ]
    case .analytics:
      [
        "short_urls", "domains", "tags", "short_url_tags", "short_url_revisions", "link_visits",
        "tenants", "api_keys", "sessions",
      ].map { PostgresRight(privilege: .select, table: $0) } + [
        PostgresRight(privilege: .update, table: "api_keys", onlyColumns: ["last_used_at"]),
        PostgresRight(
          privilege: .update, table: "sessions", onlyColumns: ["last_seen_at", "ends_at"]),
      ]
    case .api:
      [
        PostgresRight(privilege: .select, table: "short_urls"),
        PostgresRight(privilege: .insert, table: "short_urls"),
        PostgresRight(
          privilege: .update, table: "short_urls",
          columnsLeftOut: [
            "snowflake_id", "short_code", "created_at", "domain", "tenant", "author",
          ]),
        PostgresRight(privilege: .insert, table: "short_url_revisions"),
        PostgresRight(privilege: .select, table: "link_visits"),
        PostgresRight(privilege: .select, table: "domains"),
        PostgresRight(privilege: .insert, table: "domains"),
        PostgresRight(
          privilege: .update, table: "domains",
          onlyColumns: ["base_url_redirect", "regular_404_redirect", "invalid_short_url_redirect"]),
        PostgresRight(privilege: .delete, table: "domains"),
        PostgresRight(privilege: .select, table: "visit_budgets"),
        PostgresRight(privilege: .insert, table: "visit_budgets"),
        PostgresRight(privilege: .update, table: "visit_budgets"),
        PostgresRight(privilege: .insert, table: "outbox"),
        PostgresRight(privilege: .insert, table: "units"),
        PostgresRight(privilege: .select, table: "tags"),
        PostgresRight(privilege: .insert, table: "tags"),
        PostgresRight(privilege: .update, table: "tags", columnsLeftOut: ["id", "tenant"]),
        PostgresRight(privilege: .delete, table: "tags"),
        PostgresRight(privilege: .select, table: "short_url_tags"),
        PostgresRight(privilege: .insert, table: "short_url_tags"),
        PostgresRight(privilege: .delete, table: "short_url_tags"),
        PostgresRight(privilege: .select, table: "api_keys"),
        PostgresRight(privilege: .insert, table: "api_keys"),
        PostgresRight(
          privilege: .update, table: "api_keys", columnsLeftOut: ["id", "tenant", "created_at"]),
        PostgresRight(privilege: .delete, table: "api_keys"),
        PostgresRight(privilege: .select, table: "sessions"),
        PostgresRight(privilege: .insert, table: "sessions"),
        PostgresRight(
          privilege: .update, table: "sessions", onlyColumns: ["last_seen_at", "ends_at"]),
        PostgresRight(privilege: .delete, table: "sessions"),
        PostgresRight(privilege: .select, table: "sign_in_codes"),
        PostgresRight(privilege: .delete, table: "sign_in_codes"),
        PostgresRight(privilege: .select, table: "tenants"),
        PostgresRight(privilege: .insert, table: "tenants"),
        // For locks: nobody changes a name.
        PostgresRight(privilege: .update, table: "tenants", onlyColumns: ["name"]),
        PostgresRight(privilege: .delete, table: "tenants"),
        PostgresRight(privilege: .select, table: "worker_leases"),
        PostgresRight(privilege: .update, table: "worker_leases"),
      ]
    case .dispatcher:
      [
        PostgresRight(
          privilege: .select, table: "short_urls",
          onlyColumns: ["snowflake_id", "original_url", "title", "title_wanted"]),
        PostgresRight(
          privilege: .update, table: "short_urls", onlyColumns: ["title", "title_wanted"]),
        PostgresRight(privilege: .select, table: "outbox"),
        PostgresRight(privilege: .update, table: "outbox"),
        PostgresRight(privilege: .delete, table: "outbox"),
        PostgresRight(privilege: .select, table: "units"),
        PostgresRight(privilege: .delete, table: "units"),
        PostgresRight(privilege: .select, table: "spent_visits"),
        PostgresRight(privilege: .delete, table: "spent_visits"),
        PostgresRight(privilege: .select, table: "announced_cache"),
        PostgresRight(privilege: .insert, table: "announced_cache"),
        PostgresRight(privilege: .update, table: "announced_cache"),
        PostgresRight(privilege: .select, table: "link_visits"),
        PostgresRight(privilege: .insert, table: "link_visits"),
        PostgresRight(privilege: .update, table: "link_visits"),
        PostgresRight(privilege: .delete, table: "link_visits"),
      ]
    }
  }
}
