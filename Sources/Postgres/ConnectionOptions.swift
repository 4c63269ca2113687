import CPostgres

/// The options of a connection: the server, and the session's parameters.
package struct ConnectionOptions: Sendable {
  /// A libpq conninfo string or URI; it wins over everything below.
  package var dsn: String
  /// A database other than the one that the DSN names.
  package var database: String?
  /// Shown in `pg_stat_activity`.
  package var applicationName: String
  /// The time limit of a statement on the server: a statement given up here ends there too.
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

  /// The connection's database, or `nil` if the DSN can't be read (`PQconninfoParse`,
  /// `PQconndefaults`).
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

  /// Why libpq can't connect by a DSN, whatever answers there; nil when it can (`PQconninfoParse`).
  package static func complaint(about dsn: String) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard let given = PQconninfoParse(dsn, &text) else {
      defer { PQfreemem(text) }
      return text.map { reason(String(cString: $0)) } ?? "out of memory"
    }
    defer { PQconninfoFree(given) }
    let ports = (value(of: "port", in: given) ?? "").split(separator: ",")
    guard ports.allSatisfy({ (1...65_535).contains(Int($0) ?? 0) }) else {
      return "its port is no port"
    }
    // One at the beginning is an abstract socket's.
    let hosts = (value(of: "host", in: given) ?? "").split(separator: ",")
    return hosts.contains { $0.dropFirst().contains("@") }
      ? "an @ in its host; in a URI write the @ of a password as %40" : nil
  }

  /// libpq's message, without what it quotes: that may be a piece of a password.
  private static func reason(_ message: String) -> String {
    if message.hasPrefix("missing \"=\"") { return "a word without =; quote a value with blanks" }
    if message.hasPrefix("invalid connection option") {
      return String(message.prefix { $0 != "\n" })
    }
    let words = message.prefix { $0 != "\"" && $0 != "\n" }
    return String(words.reversed().drop { ": ".contains($0) }.reversed())
      + "; in a URI write % / @ of a password as %25 %2F %40"
  }

  /// What the DSN itself says of a keyword, such as `user` (`PQconninfoParse`).
  ///
  /// - Returns: Nil when it says nothing of it, or can't be read.
  package func given(_ keyword: String) -> String? {
    guard let given = PQconninfoParse(dsn, nil) else { return nil }
    defer { PQconninfoFree(given) }
    return Self.value(of: keyword, in: given)
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

  /// The keywords for libpq (`PQconnectStartParams`), by increasing priority.
  ///
  /// A later one wins, and the first `dbname` is expanded. So the DSN can't change what comes after
  /// it, such as the encoding: our bytes are UTF-8.
  func keywords() -> [(name: String, value: String)] {
    let settings =
      "-c statement_timeout=\(statementTimeoutMilliseconds)"
      + " -c lock_timeout=\(lockTimeoutMilliseconds)"
      + " -c idle_in_transaction_session_timeout=60000"
      // Compiling a statement takes longer than any statement of ours.
      + " -c jit=off"
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
