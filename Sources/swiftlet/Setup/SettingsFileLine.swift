import Files
import Glibc
import Service

/// A line of the settings file, which `swiftlet setup` may complete by a password.
struct SettingsFileLine {
  let name: String
  let file: String
  private static let passwordLength = 32

  /// Completes the value of a setting by a password that nobody has chosen.
  ///
  /// - Parameters:
  ///   - name: The setting.
  ///   - host: Its settings.
  ///   - complete: The value with a password in it.
  /// - Throws: `SetupFailure` when the setting isn't in the file.
  static func invent(
    for name: String, _ host: SetupHost, _ complete: (_ value: String, _ password: String) -> String
  ) throws {
    guard let file = host.variables.file else { throw unwritten(name, host.file) }
    try SettingsFileLine(name: name, file: file).replace { complete($0, password()) }
  }

  private static func password() -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    var random = SystemRandomNumberGenerator()
    return String(
      (0..<passwordLength).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
  }

  /// Replaces the line as a whole; the file keeps its owner and permissions.
  private func replace(_ edit: (String) -> String) throws {
    let old = try File(file, for: .reading, followsLinks: true)
    let text = String(decoding: try old.bytes(), as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let index = lines.lastIndex(where: { Variables.parseFile($0)[name] != nil }),
      let value = Variables.parseFile(lines[index])[name]
    else { throw Self.unwritten(name, file) }
    lines[index] = "\(name)=\(edit(value))"
    let status = try old.status()
    let fresh = try File(File.fresh(file), for: .replacing)
    try fresh.permit(status.st_mode & 0o7777)
    guard fchown(fresh.rawDescriptor, status.st_uid, status.st_gid) == 0 else {
      throw FileError("change the owner of", File.fresh(file), code: errno)
    }
    try fresh.write(Array(lines.joined(separator: "\n").utf8))
    try fresh.sync()
    try File.rename(File.fresh(file), to: file)
  }

  private static func unwritten(_ name: String, _ file: String) -> SetupFailure {
    SetupFailure(
      "\(name) has no password, and isn't in \(file)", do: "write it there, with a password",
      status: Outcome.configuration)
  }
}
