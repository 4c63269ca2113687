import Postgres
import Service

/// Makes the roles and the database that the settings name, if PostgreSQL lets us.
struct PostgresStep: SetupStep {
  let title = "PostgreSQL: the database and the roles of the settings"
  /// A login that may make them; nil for the user postgres of this machine.
  let admin: String?

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let logins = PostgresLogin.all(host)
    let refused = try host.asPrograms {
      logins.compactMap { login in login.refusal().map { (login: login, error: $0) } }
    }
    guard let first = refused.first else {
      let findings = try host.asPrograms { PostgresCheck(host.settings).findings() }
      if let failed = findings.first(where: { $0.state == .failed }) { throw SetupFailure(failed) }
      return .ok(findings.first?.detail ?? "connected")
    }
    let helper = try administrator(logins[0], first.error)
    let lacking = try helper.lacking(refused.map(\.login))
    guard !lacking.isEmpty else { throw Self.refusal(first.login, first.error) }
    let names = lacking.map(\.description).joined(separator: ", ")
    if isDry { return .made(names, isDry: true) }
    let invented = refused.map(\.login).filter { $0.needsPassword && lacking.have($0.role) }
    for login in invented { try login.inventPassword(host) }
    return try make(try helper.lacking(PostgresLogin.all(SetupHost())), helper, invented)
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
    return .made(
      lacking.map(\.description).joined(separator: ", "),
      remarks: invented.map { "its password is in \($0.setting) of \(host.file) now" })
  }

  /// The administrator's connection to the server of the owner's login.
  private func administrator(
    _ owner: PostgresLogin, _ error: PostgresError
  ) throws -> PostgresAdministrator {
    do throws(PostgresError) {
      if let admin { return try PostgresAdministrator(dsn: admin) }
    } catch {
      throw SetupFailure(
        "--postgres-admin: \(error.message.printable)", do: "correct the DSN",
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
          ? "start PostgreSQL (systemctl start postgresql), or correct \(owner.setting)"
          : "correct \(owner.setting), name a superuser's login by --postgres-admin, or run there, as a superuser:"
      ] + (owner.isHere ? [] : owner.creation), status: Outcome.unavailable)
  }

  /// A login that PostgreSQL refuses although all that it names is there: nothing of it is changed.
  private static func refusal(_ login: PostgresLogin, _ error: PostgresError) -> SetupFailure {
    SetupFailure(
      "\(login.setting): \(error.message.printable)",
      advice: [
        "the role \(login.role) is there and was not changed: correct \(login.setting), or see pg_hba.conf, or give it "
          + "the password of \(login.setting):",
        "runuser -u postgres -- psql -c '\\password \(login.role)'",
      ], status: Outcome.refused)
  }
}
