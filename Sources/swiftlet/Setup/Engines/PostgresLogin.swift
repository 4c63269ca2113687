import Postgres
import Service

/// A login of PostgreSQL that a setting names.
struct PostgresLogin {
  private static let timeout = 3000

  let setting: String
  let options: ConnectionOptions
  let role: String
  let database: String
  var password: String? { options.given("password") }

  /// That of the owner first, then those that differ from it.
  static func all(_ host: SetupHost) -> [PostgresLogin] {
    var logins: [PostgresLogin] = []
    for user in PostgresUser.allCases {
      let dsn = host.settings.postgresDSN(of: user)
      guard !logins.contains(where: { $0.options.dsn == dsn }) else { continue }
      logins.append(PostgresLogin(user.setting.name, dsn, programs: host.userName))
    }
    return logins
  }

  /// - Parameters:
  ///   - setting: Its name.
  ///   - dsn: Its value.
  ///   - user: The programs' user, whose name counts where the DSN has none.
  private init(_ setting: String, _ dsn: String, programs user: String) {
    self.setting = setting
    options = ConnectionOptions(
      dsn: dsn, applicationName: "swiftlet-setup", statementTimeoutMilliseconds: Self.timeout,
      lockTimeoutMilliseconds: Self.timeout)
    role = options.given("user") ?? user
    database = options.given("dbname") ?? role
  }

  /// Whether the server is on this machine.
  var isHere: Bool {
    guard let place = options.given("host") ?? options.given("hostaddr") else { return true }
    return place.isEmpty || place.hasPrefix("/") || SetupHost.isHere(place)
  }

  /// Whether its server asks for a password, and the setting has none.
  var needsPassword: Bool {
    guard let host = options.given("host"), !host.hasPrefix("/") else { return false }
    return password == nil && options.given("passfile") == nil
  }

  /// Writes a password into the setting, which libpq reads behind all else.
  func inventPassword(_ host: SetupHost) throws {
    try SettingsFileLine.invent(for: setting, host) { dsn, password in
      let isURI = ["postgresql://", "postgres://"].contains { dsn.hasPrefix($0) }
      return dsn + (!isURI ? " " : dsn.contains("?") ? "&" : "?") + "password=\(password)"
    }
  }

  /// Why the server takes no session of it; nil when it does.
  func refusal() -> PostgresError? {
    do throws(PostgresError) {
      try Connection(options, timeoutMilliseconds: Self.timeout).close()
      return nil
    } catch {
      return error
    }
  }

  /// Statements that make the role and the database.
  var creation: [String] {
    let secret = password == nil ? "" : " PASSWORD '…'"
    return [
      "CREATE ROLE \(role.quotedName) LOGIN\(secret);",
      "CREATE DATABASE \(database.quotedName) OWNER \(role.quotedName);",
    ]
  }
}

extension String {
  fileprivate var quotedName: String {
    "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
