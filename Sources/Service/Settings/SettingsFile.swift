import Files
import Glibc

/// The file of an installation's settings.
package enum SettingsFile {
  /// Where one is looked for when `SWIFTLET_ENV` names none.
  package static let places = [".env", "/etc/swiftlet/swiftlet.env"]
  private static let maximumBytes = 1 << 20

  /// Reads a settings file.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - mayBeAbsent: Whether it is no error that there is none.
  /// - Returns: The text of the file; nil when there is none.
  /// - Throws: `SettingError` when there is one that can't be read: else an installation would run with
  ///   the defaults.
  static func contents(of path: String, mayBeAbsent: Bool) throws(SettingError) -> String? {
    do throws(FileError) {
      let file = try File(path, for: .reading, followsLinks: true)
      return String(decoding: try file.bytes(atMost: maximumBytes), as: UTF8.self)
    } catch {
      if mayBeAbsent, isAbsent(path, error.code) { return nil }
      throw unreadable(
        path,
        because: error.code == EFBIG ? "it has more than \(maximumBytes) bytes" : error.reason)
    }
  }

  private static func isAbsent(_ path: String, _ code: Int32) -> Bool {
    code == ENOENT || code == ENOTDIR || isOutOfReach(path, code)
  }

  /// Whether a path is relative to a working directory that this user can't enter, such as root's home
  /// after `sudo -u`.
  private static func isOutOfReach(_ path: String, _ code: Int32) -> Bool {
    code == EACCES && !path.hasPrefix("/") && access(".", X_OK) != 0
  }

  private static func unreadable(_ path: String, because reason: String) -> SettingError {
    SettingError(
      name: "SWIFTLET_ENV", value: path, expected: "a file that can be read (\(reason))")
  }
}
