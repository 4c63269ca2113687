import Postgres
import Service

/// A right that one of the programs' logins lacks.
struct PostgresGrant {
  let right: PostgresRight
  /// The role that PostgreSQL knows the login by.
  let role: String

  /// The statement that grants it; `swiftlet migrate` names it so.
  var name: String { "GRANT \(right.privilege.rawValue) ON \(right.table) TO \(role)" }
}

extension PostgresMigrations {
  /// The rights that the programs' logins lack, in the order of the programs.
  ///
  /// Each login is tried: only PostgreSQL can tell as which role it is known.
  func missingGrants() throws(MigrationError) -> [PostgresGrant] {
    var missing: [PostgresGrant] = []
    for (user, options) in logins {
      let role = try role(of: user, options)
      for right in user.rights where try !has(right, role) {
        missing.append(PostgresGrant(right: right, role: role))
      }
    }
    return missing
  }

  func apply(_ grant: PostgresGrant) throws(MigrationError) {
    try asking { connection throws(PostgresError) in
      _ = try connection.executeOnce(
        """
        GRANT \(unsafe: grant.right.privilege.rawValue) ON \(identifier: grant.right.table)
        TO \(identifier: grant.role)
        """, grant.name, timeoutMilliseconds: Self.questionTimeout)
    }
  }

  private func role(
    of user: PostgresUser, _ options: ConnectionOptions
  ) throws(MigrationError) -> String {
    do throws(PostgresError) {
      let connection = try Connection(options, timeoutMilliseconds: Self.questionTimeout)
      return try connection.executeOnce(
        "SELECT current_user::text", "ask for the role", timeoutMilliseconds: Self.questionTimeout
      ).one { row throws(PostgresError) in try row.text() }
    } catch {
      throw MigrationError(.unavailable, "\(user.setting.name): \(error.debugDescription)")
    }
  }

  /// Whether a role has a right; false when the table isn't there yet.
  private func has(_ right: PostgresRight, _ role: String) throws(MigrationError) -> Bool {
    try asking { connection throws(PostgresError) in
      try connection.executeOnce(
        """
        SELECT coalesce(has_table_privilege(
          \(role)::name, to_regclass(\(right.table)), \(right.privilege.rawValue)), false)
        """, "look for a right", timeoutMilliseconds: Self.questionTimeout
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }
}
