import Files
import Glibc

/// The file of an installation's settings.
package enum SettingsFile {
  /// The searched paths when `SWIFTLET_ENV` names none.
  package static let places = [".env", "/etc/swiftlet/swiftlet.env"]
  /// The same for the commands for the host: they begin with the file of the installed programs.
  ///
  /// A file of the working directory is that of a source tree.
  static let placesOfHost = Array(places.reversed())
  private static let maximumBytes = 1 << 20

  /// Reads a settings file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - isNamed: Whether the operator named it; otherwise it is only searched for.
  /// - Returns: The text of the file; nil when a searched file doesn't exist.
  /// - Throws: `SettingError` when it can't be read: otherwise an installation would run with the
  ///   defaults.
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

  /// Throws unless a file that was only searched for may be used.
  ///
  /// Other users may have put a file into the working directory. A process uses only its own user's or
  /// root's, and doesn't wait for the writer of a pipe.
  private static func check(_ status: stat, of path: String) throws(FileError) {
    guard status.st_mode & S_IFMT != S_IFIFO else {
      throw FileError("read", path, code: EINVAL)
    }
    guard [0, geteuid()].contains(status.st_uid) || path.hasPrefix("/") else {
      throw FileError("read", path, code: EPERM)
    }
  }

  private static func reason(_ error: FileError) -> String {
    switch error.code {
    case EFBIG: "it has more than \(maximumBytes) bytes"
    case EINVAL: "it is a pipe: name it in SWIFTLET_ENV"
    case EPERM: "another user's is taken only if SWIFTLET_ENV names it"
    default: error.reason
    }
  }

  private static func isAbsent(_ path: String, _ code: Int32) -> Bool {
    code == ENOENT || code == ENOTDIR || isOutOfReach(path, code)
  }

  /// Whether a path is relative to a working directory that this user can't enter.
  ///
  /// An example is root's home after `sudo -u`, or for root that acts as another user (setup).
  private static func isOutOfReach(_ path: String, _ code: Int32) -> Bool {
    code == EACCES && !path.hasPrefix("/")
      && faccessat(AT_FDCWD, ".", X_OK, AT_EACCESS) != 0
  }
}
