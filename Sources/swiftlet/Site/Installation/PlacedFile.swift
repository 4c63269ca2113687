import Files
import Glibc

/// What a path stands for, so that it can be restored: nothing, a symbolic link, or a file's content.
enum PlacedFile {
  case nothing
  case link(target: String)
  case file([UInt8], mode: mode_t)

  init(at path: String) throws(FileError) {
    if let target = File.target(ofLink: path) {
      self = .link(target: target)
    } else if File.exists(path) {
      let file = try File(path, for: .reading)
      self = .file(try file.bytes(), mode: try file.status().st_mode & 0o7777)
    } else {
      self = .nothing
    }
  }

  /// Puts it at a path, in place of what is there, as a whole.
  ///
  /// - Parameters:
  ///   - path: Where it belongs.
  ///   - draft: A path on the same file system where it is made first.
  /// - Throws: When it can't be made or named so. Then the path stands for what it did.
  func put(at path: String, by draft: String) throws(FileError) {
    try File.remove(draft)
    switch self {
    case .nothing: return try File.remove(path)
    case .link(let target): try File.makeLink(draft, to: target)
    case .file(let bytes, let mode):
      let file = try File(draft, for: .replacing)
      try file.permit(mode)
      try file.write(bytes)
      try file.sync()
    }
    try File.rename(draft, to: path)
  }
}
