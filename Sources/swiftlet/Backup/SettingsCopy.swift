import Files
import Glibc

/// The settings of a host, copied as they are: files of settings, and of nginx's site.
///
/// Each copy has the whole path of its file below `directory`.
struct SettingsCopy {
  static let directory = "settings"
  private static let places = [
    "/etc/swiftlet", "/etc/nginx/swiftlet-local", "/etc/nginx/sites-available/swiftlet.conf",
  ]
  private static let maximumBytes = 16 << 20

  /// The settings file in use; nil for none.
  let file: String?

  /// Copies what is there.
  ///
  /// - Returns: The names of the copies, and what isn't copied, each with the reason.
  func run(into directory: BackupDirectory) throws -> (copies: [String], missing: [String]) {
    var work = Work(directory: directory)
    // The operator's own path may be a link.
    for path in (file.map { [$0] } ?? []) + Self.places where isThere(path) {
      try work.copy(path, isLink: false)
    }
    return (work.copies, work.missing)
  }

  /// Whether there is anything of this name, or may be: that it can't be looked at is told later.
  private func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR)
  }

  private struct Work {
    let directory: BackupDirectory
    var copies: [String] = []
    var missing: [String] = []

    /// Copies a file, or a directory with all that is in it.
    ///
    /// A link to a file is as good as the file; one to a directory may lead in a circle.
    mutating func copy(_ path: String, isLink: Bool) throws {
      let kind: mode_t
      do throws(FileError) { kind = try File.status(of: path).st_mode & S_IFMT } catch {
        missing.append(error.description)
        return
      }
      switch kind {
      case S_IFREG: try copyFile(path)
      case S_IFDIR where !isLink: try copyDirectory(path)
      case S_IFDIR: missing.append("\(path) is a link to a directory")
      default: missing.append("\(path) is neither a file nor a directory")
      }
    }

    private mutating func copyDirectory(_ path: String) throws {
      let names: [(name: String, isLink: Bool)]
      do throws(FileError) {
        let directory = try Directory(path)
        names = try directory.names().sorted().map { name in
          (name, (directory.status(of: name)?.st_mode ?? 0) & S_IFMT == S_IFLNK)
        }
      } catch {
        missing.append(error.description)
        return
      }
      for (name, isLink) in names { try copy("\(path)/\(name)", isLink: isLink) }
    }

    private mutating func copyFile(_ path: String) throws {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try File(path, for: .readingAtOnce, followsLinks: true)
          .bytes(atMost: SettingsCopy.maximumBytes)
      } catch {
        missing.append(error.description)
        return
      }
      // Without `..`: so a copy is never outside of the backup.
      let copy = SettingsCopy.directory + File.normalPath(path)
      guard !copies.contains(copy) else { return }
      let parent = copy.split(separator: "/").dropLast().joined(separator: "/")
      try Directory.make(directory.path(of: parent), mode: 0o700)
      try directory.write(bytes, to: copy)
      copies.append(copy)
    }
  }
}
