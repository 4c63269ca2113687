import Files
import Glibc
import Hashing
import Text

/// A directory with a backup.
///
/// It is filled under another name, and gets its own when it is whole.
struct BackupDirectory {
  /// What is added to its name until it is whole.
  static let suffix = ".unfinished"
  static let manifest = "manifest.json"

  /// Where its files are now.
  let path: String
  private let finalPath: String

  private init(_ path: String, finally finalPath: String) {
    self.path = path
    self.finalPath = finalPath
  }

  /// Makes a new one, which only its owner may read.
  ///
  /// - Throws: `BackupError` when there is something at its place.
  static func make(_ given: String) throws -> BackupDirectory {
    let path = trimmed(given)
    if File.exists(path), try !Directory(path).names().isEmpty {
      throw BackupError(Outcome.refused, "\(path) isn't empty: a backup needs a new directory")
    }
    umask(0o077)
    if let slash = path.lastIndex(of: "/") {
      try Directory.make(String(path[..<slash]), mode: 0o700)
    }
    let made = BackupDirectory(path + suffix, finally: path)
    do throws(FileError) {
      // The process that makes it is the only one that fills it and removes it.
      try Directory.makeNew(made.path, mode: 0o700)
    } catch {
      guard error.code == EEXIST else { throw error }
      throw BackupError(
        Outcome.refused,
        "\(made.path) is there: another backup is being made, or was killed; then remove it")
    }
    do throws(FileError) { try Directory.makeNew(made.path(of: "clickhouse"), mode: 0o700) } catch {
      made.remove()
      throw error
    }
    return made
  }

  /// Opens one that is whole.
  static func open(_ given: String) throws -> BackupDirectory {
    let path = trimmed(given)
    guard !path.hasSuffix(suffix) else {
      throw BackupError(Outcome.badData, "\(path) is a backup that was interrupted")
    }
    guard File.exists("\(path)/\(manifest)") else {
      throw BackupError(Outcome.badData, "\(path) is no backup: it has no \(manifest)")
    }
    return BackupDirectory(path, finally: path)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }

  func path(of file: String) -> String { "\(path)/\(file)" }

  /// Writes a small file.
  func write(_ bytes: [UInt8], to file: String) throws {
    let file = try File(path(of: file), for: .beginning)
    try file.permit(0o600)
    try file.write(bytes)
    try file.sync()
  }

  /// Gives it its name, when the disk has all of it.
  func finish() throws {
    try Self.sync(path)
    let slash = finalPath.lastIndex(of: "/")
    let parent = try Directory(slash.map { String(finalPath[...$0]) } ?? ".")
    try File.rename(path, to: finalPath)
    try parent.sync()
  }

  private static func sync(_ path: String) throws(FileError) {
    let directory = try Directory(path)
    for name in try directory.names() {
      let place = "\(path)/\(name)"
      if isDirectory(name, in: directory) {
        try sync(place)
      } else {
        try File(place, for: .reading).sync()
      }
    }
    try directory.sync()
  }

  private static func isDirectory(_ name: String, in directory: Directory) -> Bool {
    directory.status(of: name).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Removes an unfinished one.
  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    guard let directory = try? Directory(path) else { return }
    for name in (try? directory.names()) ?? [] {
      if isDirectory(name, in: directory) {
        remove("\(path)/\(name)")
      } else {
        try? directory.remove(name)
      }
    }
    rmdir(path)
  }

  /// The length of a file, and its SHA-256 in hex.
  func sum(of name: String) throws(FileError) -> (bytes: Int, sha256: String) {
    let file = try File(path(of: name), for: .reading)
    var hash = SHA256Stream()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let start = offset
      let count = try buffer.withUnsafeMutableBufferPointer { buffer throws(FileError) in
        let count = try file.read(at: start, into: buffer)
        hash.add(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count]))
        return count
      }
      if count == 0 { break }
      offset += count
    }
    let digits = hash.finish().flatMap {
      [UInt8.lowerHexDigit($0 >> 4), UInt8.lowerHexDigit($0 & 15)]
    }
    return (offset, String(decoding: digits, as: UTF8.self))
  }
}
