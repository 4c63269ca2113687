import Service

/// Reads the settings file: right values, and a file that the programs can read as well.
struct SettingsStep: SetupStep {
  let title = "Settings: the file, and each value in it"
  /// Whether systemd is to run the programs, unless supervisord does already.
  let isForSystemd: Bool

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    try host.variables.check()
    guard host.variables[Setting.baseURL.name] != nil else {
      throw SetupFailure(
        host.variables.file.map { "\($0) doesn't say BASE_URL" } ?? "there is no settings file",
        do: "write what short links begin with into \(host.file), for example",
        "BASE_URL=https://sho.rt", status: Outcome.configuration)
    }
    if isForSystemd,
      let complaint = try ServiceManager.found(host.variables).complaint(about: host.variables)
    {
      throw ServiceError(complaint, .installation)
    }
    try Self.checkReading(host)
    return .ok(
      host.variables.file.map { "\($0) is right" } ?? "from the environment alone",
      remarks: UnknownSetting.all(in: host.variables).map(\.description))
  }

  /// Checks whether the programs' user can read the file, once there is such a user.
  static func checkReading(_ host: SetupHost) throws {
    guard let file = host.variables.file, let user = HostUser(named: host.userName) else { return }
    guard try user.canRead(file) else {
      throw SetupFailure(
        "the programs' user \(host.userName) can't read \(file)",
        do: "let its group read it: \(user.reading(file))",
        status: Outcome.configuration)
    }
  }
}
