import Files
import Glibc
import Service

/// A user of this machine, as whom root can act for a while.
struct HostUser {
  let name: String
  let id: uid_t
  let group: gid_t
  private let home: String

  /// Nil when there is no such user.
  init?(named name: String) {
    guard let entry = getpwnam(name) else { return nil }
    self.name = name
    id = entry.pointee.pw_uid
    group = entry.pointee.pw_gid
    home = String(cString: entry.pointee.pw_dir)
  }

  /// Acts as this user, whose groups and home are taken, too; anybody but root stays who he is.
  ///
  /// - Throws: The error of `body`; `SetupFailure` when root may not act as others, as in some containers.
  func act<Result>(_ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0, id != 0 else { return try body() }
    let groups = Self.groups()
    let own = getegid()
    let oldHome = getenv("HOME").map { String(cString: $0) }
    defer {
      seteuid(0)
      setegid(own)
      setgroups(groups.count, groups)
      // libpq and others look for files of the user there.
      if let oldHome { setenv("HOME", oldHome, 1) } else { unsetenv("HOME") }
    }
    setenv("HOME", home, 1)
    guard initgroups(name, group) == 0, setegid(group) == 0, seteuid(id) == 0 else {
      throw SetupFailure(
        "root can't act as \(name): \(String(cString: strerror(errno)))",
        do: "give this container the capabilities SETUID and SETGID", status: Outcome.configuration)
    }
    return try body()
  }

  /// Whether this user may read a file.
  func canRead(_ file: String) throws -> Bool {
    try act { (try? File(file, for: .readingAtOnce, followsLinks: true)) != nil }
  }

  /// The command that lets this user read a file of root's, by its group.
  func reading(_ file: String) -> String { "chgrp \(name) \(file) && chmod 0640 \(file)" }

  /// Runs a command of this program as this user, by the settings file of ours.
  func run(
    _ arguments: [String], by variables: Variables
  ) throws(ProgramRunError) -> ProgramRun.Result {
    let others = variables.file.map { ["SWIFTLET_ENV": $0] } ?? [:]
    let own = [ProgramRun.own] + arguments
    let words = geteuid() == 0 && id != 0 ? ["runuser", "-u", name, "--"] + own : own
    return try ProgramRun.run(words[0], Array(words.dropFirst()), environment: others)
  }

  private static func groups() -> [gid_t] {
    var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    return Array(groups.prefix(Int(max(0, count))))
  }
}
