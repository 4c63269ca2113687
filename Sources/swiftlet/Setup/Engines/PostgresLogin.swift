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

  /// That of the owner first, then those of the programs that have a setting of their own.
  static func all(_ host: SetupHost) -> [PostgresLogin] {
    PostgresUser.allCases.filter { $0 == .owner || host.variables[$0.setting.name] != nil }.map {
      PostgresLogin(
        $0.setting.name, host.settings.postgresDSN(of: $0), programs: host.userName)
    }
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
  func write(_ password: String, _ host: SetupHost) throws {
    try SettingsFileLine.complete(setting, host) { dsn in
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

  /// Statements that make the role and the database, for psql: it asks for the password.
  var creation: [String] {
    [
      "CREATE ROLE \(role.quotedName) LOGIN;",
      "CREATE DATABASE \(database.quotedName) OWNER \(role.quotedName);",
    ] + (password == nil && !needsPassword ? [] : [passwordChange])
  }

  /// The command of psql that gives the role a password, and sends no more than its verifier.
  var passwordChange: String { "\\password \(role.quotedName)" }
}

extension String {
  fileprivate var quotedName: String { ("\(identifier: self)" as SQL).text }
}
