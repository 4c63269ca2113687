import Files
import Glibc
import Service

/// Makes the programs' user and directories, where the package hasn't.
struct DirectoriesStep: SetupStep {
  let title = "User and directories of the programs"

  private struct Place {
    let path: String
    let mode: mode_t
    let owner: String
    /// Empty for the owner's own.
    let group: String

    init(
      _ setting: Setting, _ host: SetupHost, mode: mode_t, owner: String, group: String = ""
    ) throws(SettingError) {
      let path = try host.variables.text(setting)
      guard path.hasPrefix("/") else {
        throw SettingError(name: setting.name, value: path, expected: "an absolute path")
      }
      self.path = "/" + path.split(separator: "/").joined(separator: "/")
      (self.mode, self.owner, self.group) = (mode, owner, group)
    }
  }

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    var made: [String] = []
    guard let group = getgrnam(host.groupName)?.pointee.gr_gid else {
      throw SetupFailure(
        "there is no group \(host.groupName), which nginx's user should be in",
        do: "install nginx, or name its group in SWIFTLET_GROUP", status: Outcome.configuration)
    }
    if HostUser(named: host.userName) == nil {
      made.append("the user \(host.userName)")
      if !isDry {
        try ProgramRun.check(
          "useradd",
          [
            "--system", "--user-group", "--groups", host.groupName, "--home-dir", "/nonexistent",
            "--no-create-home", "--shell", "/usr/sbin/nologin", host.userName,
          ])
        try letRead(host)
      }
    }
    for place in try places(host) {
      if File.exists(place.path) {
        try check(place)
      } else {
        made.append(place.path)
        if !isDry { try make(place, group: group) }
      }
    }
    if !isDry { try SettingsStep.checkReading(host) }
    return made.isEmpty
      ? .kept("the user \(host.userName), and what is its own")
      : .made(made.joined(separator: ", "), isDry: isDry)
  }

  /// Gives a settings file that only root can read to the group of a user who is new.
  private func letRead(_ host: SetupHost) throws {
    guard let file = host.variables.file, let user = HostUser(named: host.userName) else { return }
    let status = try File.status(of: file)
    guard status.st_gid == 0, status.st_mode & S_IRGRP != 0 else { return }
    guard chown(file, status.st_uid, user.group) == 0 else {
      throw FileError("change the group of", file, code: errno)
    }
  }

  private func places(_ host: SetupHost) throws -> [Place] {
    let (user, group) = (host.userName, host.groupName)
    return [
      try Place(.socketDirectory, host, mode: 0o755, owner: "root"),
      try Place(.logDirectory, host, mode: 0o750, owner: user),
      try Place(.journalDirectory, host, mode: 0o2770, owner: user, group: group),
      try Place(.stateDirectory, host, mode: 0o711, owner: user),
    ]
  }

  private func make(_ place: Place, group: gid_t) throws {
    let parent = place.path.split(separator: "/").dropLast()
    for count in parent.indices.map({ $0 + 1 }) {
      // nginx's user must get through to what is below.
      let path = "/" + parent.prefix(count).joined(separator: "/")
      if !File.exists(path) { try Directory.make(path, mode: 0o755) }
    }
    // A run that is broken off leaves none of another owner.
    let fresh = File.fresh(place.path)
    try Directory.make(fresh, mode: 0o700)
    let owner = HostUser(named: place.owner)
    guard chown(fresh, owner?.id ?? 0, place.group.isEmpty ? owner?.group ?? 0 : group) == 0,
      chmod(fresh, place.mode) == 0
    else { throw FileError("change the owner of", fresh, code: errno) }
    try File.rename(fresh, to: place.path)
  }

  /// Checks the owner of what is there; the mode may be an operator's own.
  private func check(_ place: Place) throws {
    let status = try File.status(of: place.path)
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError("make the directory", place.path, code: ENOTDIR)
    }
    // Sockets are made by root.
    guard place.owner != "root", let owner = HostUser(named: place.owner),
      status.st_uid != owner.id
    else { return }
    throw SetupFailure(
      "\(place.path) doesn't belong to \(place.owner)",
      do: "chown -R \(place.owner):\(place.group) \(place.path) && "
        + "chmod \(String(place.mode, radix: 8)) \(place.path)", status: Outcome.configuration)
  }
}
