import Glibc
import Service

/// What a step knows of this host: its settings, as they are in the file now, and the programs' user.
struct SetupHost {
  let variables: Variables
  let settings: Settings
  /// The name of the programs' user, who may not be there yet.
  let userName: String
  /// The group of nginx's user.
  let groupName: String

  init() throws(SettingError) {
    variables = try Variables.loadOfHost()
    settings = try Settings(variables)
    userName = try variables.text(.user)
    groupName = try variables.text(.group)
  }

  /// The settings file in words.
  var file: String { variables.file ?? SettingsFile.places.last ?? "" }

  /// The programs' user.
  ///
  /// - Throws: `SetupFailure` when there is none.
  func user() throws -> HostUser {
    guard let user = HostUser(named: userName) else {
      throw SetupFailure(
        "there is no user \(userName)", do: "run swiftlet setup, which makes it",
        status: Outcome.configuration)
    }
    return user
  }

  /// Acts as the programs' user, once there is one: an engine may know its clients by their users.
  func asPrograms<Result>(_ body: () throws -> Result) throws -> Result {
    guard let user = HostUser(named: userName) else { return try body() }
    return try user.act(body)
  }

  /// Whether a name or address is this machine's own.
  static func isHere(_ host: String) -> Bool {
    ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
  }
}
