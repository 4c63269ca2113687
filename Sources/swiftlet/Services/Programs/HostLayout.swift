import Files
import Glibc
import Service

/// Where an installation has what its service manager must know: the values of its files.
struct HostLayout {
  let variables: Variables
  let programs: String
  let sockets: String
  let logs: String
  let user: String
  let group: String
  let journals: String
  let state: String
  /// The settings file that the programs read; nil when they find it themselves.
  let settingsFile: String?
  /// The directories that the programs write to.
  let written: [String]

  /// - Throws: `SettingError` also for a value that no service manager could be given.
  init(_ read: Variables) throws(SettingError) {
    variables = read
    programs = try Self.quotable(.programDirectory, read)
    sockets = try Self.quotable(.socketDirectory, read)
    logs = try Self.quotable(.logDirectory, read)
    user = try Self.quotable(.user, read)
    group = try Self.quotable(.group, read)
    settingsFile = try Self.settingsFile(read)
    journals = try Self.quotable(.journalDirectory, read)
    state = try Self.quotable(.stateDirectory, read)
    let dropped = try Self.quotable(.droppedIDs, read)
    written = [journals, state] + (dropped.isEmpty ? [] : [Self.parent(of: dropped)])
  }

  /// The file of a program.
  ///
  /// The command line is no daemon: beside …/libexec/swiftlet it is in …/bin.
  func file(of program: HostProgram) -> String {
    let suffix = "/libexec/swiftlet"
    if program.file == "swiftlet", programs.hasSuffix(suffix) {
      return programs.dropLast(suffix.count) + "/bin/swiftlet"
    }
    return "\(programs)/\(program.file)"
  }

  /// - Returns: The programs' user.
  /// - Throws: `SettingError` for a user or a group that this machine doesn't have.
  @discardableResult
  func checkOwners() throws(SettingError) -> HostUser {
    guard let found = HostUser(named: user) else {
      throw variables.located(
        SettingError(name: Setting.user.name, value: user, expected: "a user of this machine"))
    }
    guard getgrnam(group) != nil else {
      throw variables.located(
        SettingError(name: Setting.group.name, value: group, expected: "a group of this machine"))
    }
    return found
  }

  static func checkDirectory(_ path: String, of setting: Setting) throws(SettingError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw SettingError(name: setting.name, value: path, expected: "a directory that exists")
    }
  }

  /// By its whole path, since the programs run in another directory.
  private static func settingsFile(_ read: Variables) throws(SettingError) -> String? {
    guard let file = read.file else { return nil }
    let path = try? File.realPath(file)
    return try checked("SWIFTLET_ENV", file.utf8.first == UInt8(ascii: "/") ? file : path ?? file)
  }

  private static func parent(of path: String) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let parent = parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
    return parent.joined(separator: "/").isEmpty ? "/" : parent.joined(separator: "/")
  }

  private static func quotable(
    _ setting: Setting, _ read: Variables
  ) throws(SettingError) -> String {
    try checked(setting.name, try read.text(setting))
  }

  /// A ` #` begins a comment of supervisord; the other characters can't be quoted in both formats.
  private static func checked(_ name: String, _ value: String) throws(SettingError) -> String {
    let bytes = Array(value.utf8)
    let hasComment = zip(bytes, bytes.dropFirst()).contains { blank, sign in
      (blank == 0x20 || blank == 0x09) && sign == UInt8(ascii: "#")
    }
    guard !hasComment, !bytes.contains(where: "\"'\\;$`".utf8.contains) else {
      throw SettingError(
        name: name, value: value,
        expected: "without quotes, backslashes, semicolons, dollar signs, and # behind a blank")
    }
    return value
  }
}
