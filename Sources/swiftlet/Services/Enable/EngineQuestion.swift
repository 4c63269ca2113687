import Glibc

/// Whether the engines answer the programs' user.
///
/// root is another user to them: PostgreSQL may know it under another name, or not at all.
struct EngineQuestion {
  let user: String

  /// - Throws: `ServiceError` with what an engine says.
  func ask() throws {
    let words = [try Self.ownPath(), "migrate", "status"]
    let asRoot = getpwnam(user)?.pointee.pw_uid == geteuid()
    let run =
      try asRoot
      ? ProgramRun.run(words[0], Array(words.dropFirst()))
      : ProgramRun.run("runuser", ["-u", user, "--"] + words)
    guard run.status != 0 else { return }
    throw ServiceError("not enabled: \(run.reason)", .unavailable)
  }

  private static func ownPath() throws(ServiceError) -> String {
    guard let pointer = realpath("/proc/self/exe", nil) else {
      throw ServiceError("/proc is not mounted", .installation)
    }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
