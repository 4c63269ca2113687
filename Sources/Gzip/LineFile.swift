internal import CZlib
internal import Glibc

/// A file of lines, plain or compressed by gzip, read once from its beginning to its end.
///
/// It keeps one buffer, whatever the file's size, and no line is longer than `maximumLineBytes`.
package final class LineFile {
  /// What is longer is given up to here, and the rest of it is passed over.
  package static let maximumLineBytes = 1 << 20

  /// Which file this is, however it is called.
  package struct Identity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// From what `stat` says of a file.
    package init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }
  }

  package let path: String
  package let identity: Identity
  private let raw: gzFile
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var next = 0
  private var end = 0

  /// Opens a file.
  ///
  /// The C function: `open`.
  ///
  /// - Throws: When there is no such file, or it may not be read.
  package convenience init(_ path: String) throws(LineFileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LineFileError(path, errno: errno) }
    try self.init(adopting: descriptor, path: path)
  }

  /// Takes over the descriptor of a file that was opened, and closes it in the end.
  ///
  /// The C functions: `fstat`, `gzdopen`.
  ///
  /// - Throws: When it can't be read; the descriptor is closed then, too.
  package init(adopting descriptor: Int32, path: String) throws(LineFileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, let raw = gzdopen(descriptor, "r") else {
      defer { close(descriptor) }
      throw LineFileError(path, errno: errno)
    }
    self.path = path
    self.raw = raw
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  deinit {
    gzclose_r(raw)
  }

  /// The next line without its line feed; the last one may have none.
  ///
  /// The C function: `gzread`.
  ///
  /// - Returns: The line and whether it ended with a line feed; nil at the end of the file.
  /// - Throws: When the file can't be read on, such as a compressed one that is cut off.
  package func nextLine() throws(LineFileError) -> (bytes: [UInt8], isEnded: Bool)? {
    var line: [UInt8] = []
    while true {
      if next == end, try !fill() { return line.isEmpty ? nil : (line, false) }
      let rest = buffer[next..<end]
      let feed = rest.firstIndex(of: 0x0A)
      let piece = rest[..<(feed ?? end)]
      line += piece.prefix(Self.maximumLineBytes - line.count)
      next = feed.map { $0 + 1 } ?? end
      if feed != nil { return (line, true) }
    }
  }

  /// - Returns: False at the end of the file.
  private func fill() throws(LineFileError) -> Bool {
    let count = gzread(raw, &buffer, UInt32(buffer.count))
    next = 0
    end = max(0, Int(count))
    if end > 0 { return true }
    var code: Int32 = 0
    let text = gzerror(raw, &code)
    switch code {
    case Z_OK: return false
    case Z_ERRNO: throw LineFileError(path, errno: errno)
    default:
      throw LineFileError(path, reason: text.map { String(cString: $0) } ?? "zlib code \(code)")
    }
  }
}
