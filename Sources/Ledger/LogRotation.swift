import Files
import Glibc
import Gzip

/// A log and its rotations.
///
/// They are `access.log`, `access.log.1`, `access.log.2.gz`, or have dates as in
/// `access.log-20261122.gz`.
struct LogRotation {
  struct File {
    let path: String
    let identity: LineFile.Identity
    /// Whether it was last written before the requested time.
    ///
    /// Then its first line proves that the log reaches back so far, and the other lines aren't
    /// needed.
    var isBefore = false
  }

  /// The oldest first; the log itself is the last one.
  let files: [File]

  /// Finds the files that have lines of a time or later, and the one before them.
  ///
  /// A log that is no regular file, such as a pipe, has no rotations.
  ///
  /// - Parameters:
  ///   - path: The log's path.
  ///   - since: Seconds since 1970.
  /// - Throws: When the log doesn't exist, or its directory can't be listed.
  init(of path: String, since: Int64) throws(FileError) {
    let log = try Entry(path)
    guard log.isRegular else {
      files = [log.file]
      return
    }
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let base = Array(parts[parts.count - 1])
    let directory = String(decoding: path.utf8.dropLast(base.count), as: UTF8.self)
    let names = try Directory(directory.isEmpty ? "." : directory).names().filter { name in
      Self.isRotation(name, of: base)
    }
    // While a file is being compressed it exists twice, and the compressed one is incomplete.
    let plain = Set(names.filter { !$0.hasSuffix(".gz") })
    let rotated = names.filter { !$0.hasSuffix(".gz") || !plain.contains(String($0.dropLast(3))) }
      .compactMap { try? Entry(directory + $0) }.filter { $0.isRegular && !$0.isEmpty }
      .sorted { $0.written > $1.written }
    var needed = rotated.prefix { $0.written >= since }.map(\.file)
    if var before = rotated.dropFirst(needed.count).first?.file {
      before.isBefore = true
      needed.append(before)
    }
    files = needed.reversed() + [log.file]
  }

  /// Whether what follows the log's name is a number or a date, and `.gz` perhaps.
  private static func isRotation(_ name: String, of base: [UInt8]) -> Bool {
    guard name.utf8.starts(with: base) else { return false }
    var rest = name.utf8.dropFirst(base.count)
    if rest.elementsEqual(".gz".utf8) { return true }
    if name.hasSuffix(".gz") { rest = rest.dropLast(3) }
    guard let first = rest.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "-") else {
      return false
    }
    return rest.count > 1
      && rest.dropFirst().allSatisfy { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
  }
}

/// The result of `stat` for a file.
private struct Entry {
  let file: LogRotation.File
  let isRegular: Bool
  let isEmpty: Bool
  /// When it was last written, in seconds since 1970; compressing a file keeps this.
  let written: Int64

  init(_ path: String) throws(FileError) {
    let status = try File.status(of: path)
    file = LogRotation.File(
      path: path,
      identity: .init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    isRegular = status.isRegularFile
    isEmpty = status.st_size == 0
    written = Int64(status.st_mtim.tv_sec)
  }
}
