import Postgres
import Service

/// A right that one of the programs' logins lacks.
struct PostgresGrant: Equatable {
  let right: PostgresRight
  /// The columns that it is for; none for the table.
  let columns: [String]
  /// The role that PostgreSQL knows the login by.
  let role: String

  /// The statement that grants it; `swiftlet migrate` names it so.
  var name: String {
    let columns = columns.isEmpty ? "" : " (\(columns.joined(separator: ", ")))"
    return "GRANT \(right.privilege.rawValue)\(columns) ON \(right.table) TO \(role)"
  }
}

extension PostgresMigrations {
  /// The rights that the programs' logins lack, in the order of the programs.
  ///
  /// Each login is asked for itself: only so does it show that a right is of no use. The table may lie
  /// in a schema that the login may not use, or where it doesn't look.
  func missingGrants() throws(MigrationError) -> [PostgresGrant] {
    var missing: [PostgresGrant] = []
    for (user, options) in logins {
      do throws(PostgresError) {
        missing += try grants(
          lackedBy: user, Connection(options, timeoutMilliseconds: Self.questionTimeout))
      } catch {
        throw MigrationError(.unavailable, "\(user.setting.name): \(error.debugDescription)")
      }
    }
    return missing
  }

  /// Grants a right.
  ///
  /// - Throws: `refused` also when the login lacks the right all the same. To whoever may not grant it,
  ///   PostgreSQL gives no more than a warning.
  func apply(_ grant: PostgresGrant) throws(MigrationError) {
    let columns: SQL =
      grant.columns.isEmpty ? "" : "(\(SQL.list(grant.columns.map { "\(identifier: $0)" })))"
    try asking { connection throws(PostgresError) in
      _ = try connection.executeOnce(
        """
        GRANT \(unsafe: grant.right.privilege.rawValue) \(columns) ON \(identifier: grant.right.table)
        TO \(identifier: grant.role)
        """, grant.name, timeoutMilliseconds: Self.questionTimeout)
    }
    guard try !missingGrants().contains(grant) else {
      throw MigrationError(
        .refused,
        "\(grant.name) had no effect: PG_DSN must be the login that owns the table, and "
          + "\(grant.role) needs USAGE on the table's schema, and that schema in its search_path")
    }
  }

  private func grants(
    lackedBy user: PostgresUser, _ connection: Connection
  ) throws(PostgresError) -> [PostgresGrant] {
    let role = try connection.executeOnce(
      "SELECT current_user::text", "ask for the role", timeoutMilliseconds: Self.questionTimeout
    ).one { row throws(PostgresError) in try row.text() }
    var lacked: [PostgresGrant] = []
    for right in user.rights {
      let columns = try columns(lackedOf: right, connection)
      let isLacked = try right.isOfColumns ? !columns.isEmpty : !has(right, connection)
      if isLacked { lacked.append(PostgresGrant(right: right, columns: columns, role: role)) }
    }
    return lacked
  }

  /// The columns of a right that a connection's role lacks; none for a right on a table.
  private func columns(
    lackedOf right: PostgresRight, _ connection: Connection
  ) throws(PostgresError) -> [String] {
    guard right.isOfColumns else { return [] }
    return try connection.executeOnce(
      """
      SELECT attname FROM pg_attribute
      WHERE attrelid = to_regclass(\(right.table)) AND attnum > 0 AND NOT attisdropped
        AND attname <> ALL(\(right.columnsLeftOut))
        AND (\(right.onlyColumns.isEmpty) OR attname = ANY(\(right.onlyColumns)))
        AND NOT has_column_privilege(attrelid, attnum, \(right.privilege.rawValue))
      ORDER BY attnum
      """, "look for a right", timeoutMilliseconds: Self.questionTimeout
    ).map { row throws(PostgresError) in try row.text() }
  }

  /// Whether a connection's role has a right; false when it finds no such table.
  private func has(
    _ right: PostgresRight, _ connection: Connection
  ) throws(PostgresError) -> Bool {
    try connection.executeOnce(
      """
      SELECT coalesce(
        has_table_privilege(to_regclass(\(right.table)), \(right.privilege.rawValue)), false)
      """, "look for a right", timeoutMilliseconds: Self.questionTimeout
    ).one { row throws(PostgresError) in try row.bool() }
  }
}
