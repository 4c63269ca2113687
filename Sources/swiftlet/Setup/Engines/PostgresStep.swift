import Postgres
import Service

/// Makes the roles and the database that the settings name, if PostgreSQL lets us.
struct PostgresStep: SetupStep {
  let title = "PostgreSQL: the database and the roles of the settings"
  /// A login that may make them; nil for the user postgres of this machine.
  let admin: String?
  /// The variables of the environment that are for that login.
  let libpq: LibpqVariables

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    do {
      return try makeMissing(host, isDry: isDry)
    } catch let error as PostgresError {
      throw SetupFailure(
        "can't \(error.operation): \(error.message.printable)",
        do: "name a superuser's login by --postgres-admin",
        status: error.isConnectionLoss || error.isTimeout ? Outcome.unavailable : Outcome.refused)
    }
  }

  private func makeMissing(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let logins = PostgresLogin.all(host)
    let refused = try host.asPrograms {
      logins.compactMap { login in login.refusal().map { (login: login, error: $0) } }
    }
    guard let first = refused.first else {
      return .ok(try Self.check(host))
    }
    let helper = try administrator(logins[0], first.error)
    let lacking = try helper.lacking(refused.map(\.login))
    guard !lacking.isEmpty else { throw Self.refusal(first.login, first.error) }
    try Self.checkDatabases(lacking, logins)
    let names = lacking.map(\.description).joined(separator: ", ")
    if isDry { return .made(names, isDry: true) }
    let invented = try givePasswords(
      refused.map(\.login).filter { lacking.have($0.role) }, host)
    return try make(try helper.lacking(PostgresLogin.all(SetupHost())), helper, invented)
  }

  /// Checks that none but the owner's database is to be made: that has the tables.
  private static func checkDatabases(
    _ lacking: [PostgresAdministrator.Lack], _ logins: [PostgresLogin]
  ) throws {
    let wanted = logins[0].database
    guard
      let stray = logins.first(where: {
        $0.database != wanted && lacking.have(database: $0.database)
      })
    else { return }
    throw SetupFailure(
      "\(stray.setting) means the database \(stray.database.printable), which isn't there",
      do: "name the database of \(logins[0].setting) in it: \(wanted.printable)",
      status: Outcome.configuration)
  }

  /// Writes a password into each setting that needs one; settings with one role get the same.
  ///
  /// - Returns: The logins that had none.
  private func givePasswords(
    _ logins: [PostgresLogin], _ host: SetupHost
  ) throws -> [PostgresLogin] {
    var passwords: [String: String] = [:]
    for login in logins { passwords[login.role] = passwords[login.role] ?? login.password }
    let without = logins.filter(\.needsPassword)
    for login in without {
      let password = passwords[login.role] ?? SettingsFileLine.randomPassword()
      passwords[login.role] = password
      try login.write(password, host)
    }
    return without
  }

  private func make(
    _ lacking: [PostgresAdministrator.Lack], _ helper: PostgresAdministrator,
    _ invented: [PostgresLogin]
  ) throws -> SetupResult {
    let host = try SetupHost()
    for thing in lacking { try helper.make(thing) }
    try host.asPrograms {
      for login in PostgresLogin.all(host) {
        if let error = login.refusal() { throw Self.refusal(login, error) }
      }
    }
    try Self.check(host)
    return .made(
      lacking.map(\.description).joined(separator: ", "),
      remarks: invented.map { "its password is in \($0.setting) of \(host.file) now" })
  }

  /// What doctor says of a server that takes all logins, such as its release.
  @discardableResult
  private static func check(_ host: SetupHost) throws -> String {
    let findings = try host.asPrograms { PostgresCheck(host.settings).findings() }
    if let failed = findings.first(where: { $0.state == .failed }) { throw SetupFailure(failed) }
    return findings.first?.detail ?? "connected"
  }

  /// The administrator's connection to the server of the owner's login.
  private func administrator(
    _ owner: PostgresLogin, _ error: PostgresError
  ) throws -> PostgresAdministrator {
    do throws(PostgresError) {
      if let admin {
        return try libpq.lend { () throws(PostgresError) in try PostgresAdministrator(dsn: admin) }
      }
    } catch {
      throw SetupFailure(
        "--postgres-admin: \(error.message.printable)",
        do: "start the server, or correct the DSN or its password (PGPASSWORD, root's ~/.pgpass)",
        status: Outcome.unavailable)
    }
    if owner.isHere, let postgres = HostUser(named: "postgres") {
      do {
        return try postgres.act { try PostgresAdministrator(besides: owner) }
      } catch is PostgresError {
        // Below, by the reason that the programs' login met.
      }
    }
    throw SetupFailure(
      "\(owner.setting): \(error.message.printable)",
      advice: [
        owner.isHere
          ? "start PostgreSQL (systemctl start postgresql), correct \(owner.setting), or name a superuser's login "
            + "by --postgres-admin"
          : "correct \(owner.setting), name a superuser's login by --postgres-admin, or run there, in a superuser's psql:"
      ] + (owner.isHere ? [] : owner.creation), status: Outcome.unavailable)
  }

  /// A login that PostgreSQL refuses although all that it names is there: nothing of it is changed.
  private static func refusal(_ login: PostgresLogin, _ error: PostgresError) -> SetupFailure {
    SetupFailure(
      "\(login.setting): \(error.message.printable)",
      advice: [
        "the role \(login.role) is there and was not changed: correct \(login.setting), or see pg_hba.conf, or give it "
          + "the password of \(login.setting) in a superuser's psql:",
        (login.isHere ? "runuser -u postgres -- " : "") + "psql -c '\(login.passwordChange)'",
      ], status: Outcome.refused)
  }
}
