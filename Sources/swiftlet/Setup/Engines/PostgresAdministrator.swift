import Postgres

/// A session of PostgreSQL that may make roles and databases.
struct PostgresAdministrator {
  private static let timeout = 30_000
  private let connection: Connection

  /// Something that a login needs and the server lacks.
  enum Lack: CustomStringConvertible {
    case role(String, password: String?)
    case database(String, owner: String)

    var description: String {
      switch self {
      case .role(let name, _): "the role \(name)"
      case .database(let name, let owner): "the database \(name) of \(owner)"
      }
    }
  }

  init(dsn: String) throws(PostgresError) {
    connection = try Connection(
      ConnectionOptions(
        dsn: dsn, applicationName: "swiftlet-setup", statementTimeoutMilliseconds: 0,
        lockTimeoutMilliseconds: Self.timeout), timeoutMilliseconds: 5000)
  }

  /// Whether a DSN has a password in it.
  static func hasPassword(dsn: String) -> Bool {
    let options = ConnectionOptions(
      dsn: dsn, applicationName: "", statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0)
    return ["password", "sslpassword"].contains { options.given($0) != nil }
  }

  /// The role postgres, on the socket of the same server.
  init(besides login: PostgresLogin) throws(PostgresError) {
    var dsn = "user=postgres dbname=postgres"
    if let host = login.options.given("host"), host.hasPrefix("/") {
      dsn += " host=\(Self.quoted(host))"
    }
    if let port = login.options.given("port") { dsn += " port=\(Self.quoted(port))" }
    try self.init(dsn: dsn)
  }

  /// What is missing for logins, the owner's first.
  func lacking(_ logins: [PostgresLogin]) throws(PostgresError) -> [Lack] {
    var lacking: [Lack] = []
    var names: Set<String> = []
    for login in logins where names.insert("role \(login.role)").inserted {
      let isThere = try ask("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(login.role))")
      if !isThere { lacking.append(.role(login.role, password: login.password)) }
    }
    for login in logins where names.insert("database \(login.database)").inserted {
      let isThere = try ask(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(login.database))")
      if !isThere { lacking.append(.database(login.database, owner: login.role)) }
    }
    return lacking
  }

  /// Makes it, unless somebody has meanwhile: the server goes on after a run that was killed.
  func make(_ thing: Lack) throws(PostgresError) {
    // The server quotes the values: these statements take no parameters.
    let statement =
      switch thing {
      case .role(let name, let password?):
        try text(
          """
          SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', \(name),
            \(connection.verifier(of: password, for: name)))
          """)
      case .role(let name, nil): try text("SELECT format('CREATE ROLE %I LOGIN', \(name))")
      case .database(let name, let owner):
        // A cluster made without a locale would give another encoding.
        try text(
          """
          SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', \(name), \(owner))
          """)
      }
    do throws(PostgresError) {
      try connection.executeScript(
        unsafe: statement, "make \(thing)", timeoutMilliseconds: Self.timeout)
    } catch SQLState.duplicateObject {
    } catch SQLState.duplicateDatabase {
    } catch SQLState.uniqueViolation {
    }
  }

  private func ask(_ question: SQL) throws(PostgresError) -> Bool {
    try connection.executeOnce(question, "look around", timeoutMilliseconds: Self.timeout)
      .one { row throws(PostgresError) in try row.bool() }
  }

  private func text(_ question: SQL) throws(PostgresError) -> String {
    try connection.executeOnce(question, "quote a name", timeoutMilliseconds: Self.timeout)
      .one { row throws(PostgresError) in try row.text() }
  }

  /// A value of a conninfo string.
  private static func quoted(_ value: String) -> String {
    let inner = value.utf8.flatMap { [0x27, 0x5C].contains($0) ? [0x5C, $0] : [$0] }
    return "'" + String(decoding: inner, as: UTF8.self) + "'"
  }
}

extension [PostgresAdministrator.Lack] {
  /// Whether a role is among them.
  func have(_ role: String) -> Bool {
    contains { thing in if case .role(role, _) = thing { true } else { false } }
  }

  /// Whether a database is among them.
  func have(database: String) -> Bool {
    contains { thing in if case .database(database, _) = thing { true } else { false } }
  }
}
