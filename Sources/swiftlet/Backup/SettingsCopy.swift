import Files
import Glibc

/// The settings of a host, copied as they are: files of settings, and of nginx's site.
struct SettingsCopy {
  static let directory = "settings"
  private static let places = ["/etc/swiftlet", "/etc/nginx/swiftlet-local"]
  private static let site = "/etc/nginx/sites-available/swiftlet.conf"
  private static let maximumBytes = 16 << 20

  /// The settings file in use; nil for none.
  let file: String?

  /// Copies what is there.
  ///
  /// - Returns: The names of the copies, and the files that can't be read.
  func run(into directory: BackupDirectory) throws -> (copies: [String], unreadable: [String]) {
    var copies: [String] = []
    var unreadable: [String] = []
    for path in paths() {
      guard let status = try? File.status(of: path), status.isRegularFile else { continue }
      guard let file = try? File(path, for: .readingAtOnce, followsLinks: true),
        let bytes = try? file.bytes(atMost: Self.maximumBytes)
      else {
        unreadable.append(path)
        continue
      }
      let parts = path.split(separator: "/")
      let copy = ([Substring(Self.directory)] + parts).joined(separator: "/")
      try Directory.make(
        directory.path(of: copy.split(separator: "/").dropLast().joined(separator: "/")),
        mode: 0o700)
      try directory.write(bytes, to: copy)
      copies.append(copy)
    }
    return (copies, unreadable)
  }

  private func paths() -> [String] {
    var paths = file.map { [$0] } ?? []
    for place in Self.places {
      let names = (try? Directory(place).names()) ?? []
      paths += names.sorted().map { "\(place)/\($0)" }
    }
    paths.append(Self.site)
    var seen: Set<String> = []
    return paths.filter { seen.insert($0).inserted }
  }
}
