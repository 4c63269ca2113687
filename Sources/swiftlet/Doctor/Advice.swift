/// What to do about a program or an engine, whichever service manager runs the programs.
enum Advice {
  /// The command that restarts programs without a lost request, starts those that don't run, and makes
  /// a socket whose file is gone.
  static func restart(_ sections: String...) -> String {
    "swiftlet restart " + sections.joined(separator: " ")
  }

  /// What to do about an engine that gives no answer, for the reason that it or the system tells.
  ///
  /// - Parameters:
  ///   - reason: What was said.
  ///   - setting: The name of the setting with its address.
  ///   - meanwhile: What waits until then.
  /// - Returns: The advice, and what waits.
  static func engine(_ reason: String, setting: String, meanwhile: String) -> String {
    let reason = reason.lowercased()
    let isLogin = logins.contains { reason.contains($0) }
    let isPlace = places.contains { reason.contains($0) }
    let advice =
      isLogin
      ? "correct the user or the password in \(setting)"
      : isPlace
        ? "correct the database or the vhost in \(setting), or make it"
        : "start it, or correct \(setting)"
    return "\(advice); \(meanwhile)"
  }

  /// How the engines say that they know a user or a password not.
  private static let logins = [
    "password", "authentication", "wrongpass", "noauth", "access_refused", "role \"", "code 192",
    "code 193", "code 194", "code 516",
  ]
  private static let places = ["database \"", "not_allowed", "vhost", "db index is out of range"]
}
