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
  ///   - isNamed: Whether the operator named it; else it is looked for.
  /// - Returns: The text of the file; nil when one that is looked for isn't there.
  /// - Throws: `SettingError` when there is one that can't be read: else an installation would run with
  ///   the defaults.
  static func contents(of path: String, isNamed: Bool) throws(SettingError) -> String? {
    do throws(FileError) {
      let file = try File(path, for: isNamed ? .reading : .readingAtOnce, followsLinks: true)
      if !isNamed { try check(try file.status(), of: path) }
      return String(decoding: try file.bytes(atMost: maximumBytes), as: UTF8.self)
    } catch {
      if !isNamed, isAbsent(path, error.code) { return nil }
      throw SettingError(
        name: "SWIFTLET_ENV", value: path,
        expected: "a file that can be read (\(reason(error)))")
    }
  }

  /// Whether a file that nobody named may be taken.
  ///
  /// Others may have put one into the working directory. Root takes none of theirs, and nobody waits
  /// for the writer of a pipe.
  private static func check(_ status: stat, of path: String) throws(FileError) {
    guard status.st_mode & S_IFMT != S_IFIFO else {
      throw FileError("read", path, code: EINVAL)
    }
    guard geteuid() != 0 || status.st_uid == 0 || path.hasPrefix("/") else {
      throw FileError("read", path, code: EPERM)
    }
  }

  private static func reason(_ error: FileError) -> String {
    switch error.code {
    case EFBIG: "it has more than \(maximumBytes) bytes"
    case EINVAL: "it is a pipe: name it in SWIFTLET_ENV"
    case EPERM: "root takes another user's only if SWIFTLET_ENV names it"
    default: error.reason
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
}
