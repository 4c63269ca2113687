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
    let cause = causes.first { $0.words.contains { reason.contains($0) } }
    let cure = cause?.cure ?? "start it, or correct $"
    let parts = cure.split(separator: "$", omittingEmptySubsequences: false)
    return parts.joined(separator: setting) + "; " + meanwhile
  }

  /// How the engines and the system say what is wrong, the first that fits first; `$` stands for the setting.
  private static let causes: [(words: [String], cure: String)] = [
    (
      [
        "too many clients", "connection slots", "too many connections", "max number of clients",
        "connection limit", "code 202",
      ],
      "let it take more connections (PostgreSQL: max_connections, Redis: maxclients), or run fewer "
        + "workers"
    ),
    (
      ["starting up", "shutting down", "recovery mode", "not yet accepting", "loading redis"],
      "wait until it has started"
    ),
    (
      [
        "translate host name", "resolve host", "name or service not known", "name resolution",
        "hostname",
      ], "correct the host in $, or this machine's DNS"
    ),
    (
      ["peer authentication", "role \"root\""],
      "ask as the programs' user (runuser -u swiftlet -- swiftlet doctor), or correct the user in $"
    ),
    (["readonly mode"], "set readonly to 0 in the profile of the user in $"),
    (["pg_hba.conf"], "allow the user and this host in pg_hba.conf, or correct $"),
    (
      ["permission denied", "noperm", "refused for user", "code 497"],
      "give its user the rights that the handbook names, or correct the user in $"
    ),
    (
      [
        "password", "authentication", "wrongpass", "noauth", "access_refused", "role \"",
        "code 192", "code 193", "code 194", "code 516",
      ], "correct the user or the password in $"
    ),
    (
      ["database \"", "not_allowed", "vhost", "db index is out of range"],
      "correct the database or the vhost in $, or make it"
    ),
  ]
}
