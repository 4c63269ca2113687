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
    guard let file = fopen(path, "re") else {
      let code = errno
      if mayBeAbsent, code == ENOENT || code == ENOTDIR || isOutOfReach(path, code) { return nil }
      throw unreadable(path, because: String(cString: strerror(code)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF {
      guard bytes.count < maximumBytes else {
        throw unreadable(path, because: "it has more than \(maximumBytes) bytes")
      }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    guard ferror(file) == 0 else {
      throw unreadable(path, because: String(cString: strerror(errno)))
    }
    return String(decoding: bytes, as: UTF8.self)
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
