import Files
import Glibc
import Service

/// A line of the settings file, whose value `swiftlet setup` may complete by a password.
enum SettingsFileLine {
  private static let passwordLength = 32

  /// Completes the value of a setting in the file.
  ///
  /// The file keeps its owner and permissions, and all else that is in it. A symbolic link stays one.
  ///
  /// - Parameters:
  ///   - name: The setting.
  ///   - host: Its settings.
  ///   - complete: The value with a password in it.
  /// - Throws: `SetupFailure` when the value isn't from the file.
  static func complete(
    _ name: String, _ host: SetupHost, _ complete: (_ value: String) -> String
  ) throws {
    guard let path = host.variables.file else { throw unwritten(name, host.file) }
    let file = try File.realPath(path)
    let old = try File(file, for: .reading)
    var bytes = try old.bytes()
    // The last line counts.
    guard let line = Variables.lines(of: bytes).last(where: { $0.name == name }),
      case let value = String(decoding: bytes[line.value], as: UTF8.self),
      value == host.variables[name]
    else { throw unwritten(name, path) }
    bytes.replaceSubrange(line.value, with: complete(value).utf8)
    let status = try old.status()
    try File.replace(file, with: bytes, mode: status.st_mode & 0o7777, owner: status)
  }

  /// A password that nobody has chosen, of letters and digits.
  static func randomPassword() -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    var random = SystemRandomNumberGenerator()
    return String(
      (0..<passwordLength).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
  }

  private static func unwritten(_ name: String, _ file: String) -> SetupFailure {
    SetupFailure(
      "\(name) has no password, and isn't from \(file)", do: "write it there, with a password",
      status: Outcome.configuration)
  }
}
