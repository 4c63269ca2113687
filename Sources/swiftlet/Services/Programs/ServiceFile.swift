import Files
import Glibc

/// A file of a service manager: its place, and what it says.
struct ServiceFile {
  /// Relative to the service manager's own directory.
  let name: String
  let text: String
  var isExecutable = false

  /// Whether the file says this already.
  func isWritten(below directory: String) -> Bool {
    guard let file = try? File("\(directory)/\(name)", for: .reading, followsLinks: true),
      let bytes = try? file.bytes(atMost: 1 << 20)
    else { return false }
    return bytes == Array(text.utf8)
  }

  /// Writes it beside its place and moves it there, so that nobody reads half of it.
  func write(below directory: String) throws(FileError) {
    let path = "\(directory)/\(name)"
    try Self.makeDirectories(above: path)
    try File.replace(path, with: Array(text.utf8), mode: isExecutable ? 0o755 : 0o644)
  }

  /// Removes it, and whatever else has its name.
  func remove(below directory: String) throws(FileError) {
    let path = "\(directory)/\(name)"
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw FileError("remove", path, code: errno)
    }
  }

  private static func makeDirectories(above path: String) throws(FileError) {
    for index in path.utf8.indices.dropFirst() where path.utf8[index] == UInt8(ascii: "/") {
      let directory = String(path[..<index])
      guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
        throw FileError("make the directory", directory, code: errno)
      }
    }
  }
}
