import CPostgres

/// Where a connection goes and what it asks of the server at its start.
package struct ConnectionOptions: Sendable {
  /// libpq conninfo string or URI; what it says wins over everything below.
  package var dsn: String
  /// A database other than the one that the DSN names.
  package var database: String?
  /// Shown in `pg_stat_activity`.
  package var applicationName: String
  /// Longest run of one statement on the server: so that what was given up here ends there too.
  package var statementTimeoutMilliseconds: Int
  package var lockTimeoutMilliseconds: Int

  package init(
    dsn: String, applicationName: String, statementTimeoutMilliseconds: Int,
    lockTimeoutMilliseconds: Int
  ) {
    self.dsn = dsn
    self.applicationName = applicationName
    self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
    self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
  }

  /// The database that a connection would go to, or `nil` if the DSN can't be read
  /// (`PQconninfoParse`, `PQconndefaults`).
  package var databaseName: String? {
    if let database { return database }
    guard let given = PQconninfoParse(dsn, nil) else { return nil }
    defer { PQconninfoFree(given) }
    if let name = Self.value(of: "dbname", in: given) { return name }
    if let user = Self.value(of: "user", in: given) { return user }
    guard let defaults = PQconndefaults() else { return nil }
    defer { PQconninfoFree(defaults) }
    return Self.value(of: "dbname", in: defaults)
  }

  private static func value(
    of keyword: String, in options: UnsafeMutablePointer<PQconninfoOption>
  ) -> String? {
    var option = options
    while let name = option.pointee.keyword {
      if String(cString: name) == keyword {
        return option.pointee.val.map { String(cString: $0) }
      }
      option += 1
    }
    return nil
  }

  /// The keywords for libpq (`PQconnectStartParams`), in the order of their weight.
  ///
  /// A later one wins, and the first `dbname` is expanded; so what stands after it can't be changed
  /// by the DSN, the encoding for one: our bytes are UTF-8.
  func keywords() -> [(name: String, value: String)] {
    let settings =
      "-c statement_timeout=\(statementTimeoutMilliseconds)"
      + " -c lock_timeout=\(lockTimeoutMilliseconds)"
      + " -c idle_in_transaction_session_timeout=60000"
    return [
      ("fallback_application_name", applicationName),
      ("keepalives_idle", "30"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "15000"),
      ("options", settings),
      ("dbname", dsn),
      ("client_encoding", "UTF8"),
    ] + (database.map { [("dbname", $0)] } ?? [])
  }
}
