internal import CZlib
internal import Glibc

/// A file that was compressed by gzip, read once from its beginning to its end.
package final class GzipReader {
  private let path: String
  private let raw: gzFile

  /// The C functions: `open`, `gzdopen`.
  package init(_ path: String) throws(LineFileError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LineFileError(path, errno: errno) }
    guard let raw = gzdopen(descriptor, "r") else {
      defer { close(descriptor) }
      throw LineFileError(path, errno: errno)
    }
    self.raw = raw
  }

  deinit { gzclose_r(raw) }

  /// Fills a buffer with the next bytes (`gzread`).
  ///
  /// - Returns: Their number; 0 at the end.
  /// - Throws: When the file is damaged, or can't be read.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LineFileError) -> Int {
    let count = gzread(raw, buffer.baseAddress, UInt32(buffer.count))
    guard count < 0 else { return Int(count) }
    var code: Int32 = 0
    let text = gzerror(raw, &code)
    if code == Z_ERRNO { throw LineFileError(path, errno: errno) }
    throw LineFileError(path, reason: text.map { String(cString: $0) } ?? "zlib code \(code)")
  }
}
