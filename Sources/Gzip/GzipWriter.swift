internal import CZlib
internal import Glibc

/// A new file that is compressed by gzip while it is written.
package final class GzipWriter {
  private let path: String
  private var raw: gzFile?
  /// The bytes that were written, before compression.
  package private(set) var count = 0

  /// Makes a file that only its owner may read.
  ///
  /// The C functions: `open`, `gzdopen`.
  ///
  /// - Throws: When it can't be made, or is there already.
  package init(_ path: String) throws(LineFileError) {
    self.path = path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LineFileError(path, errno: errno) }
    // The fastest level: the server waits for each piece.
    guard let raw = gzdopen(descriptor, "w1") else {
      defer { close(descriptor) }
      throw LineFileError(path, errno: errno)
    }
    self.raw = raw
  }

  deinit { if let raw { gzclose_w(raw) } }

  /// Writes bytes (`gzwrite`).
  package func write(_ bytes: UnsafeRawBufferPointer) throws(LineFileError) {
    guard !bytes.isEmpty else { return }
    guard let raw, gzwrite(raw, bytes.baseAddress, UInt32(bytes.count)) == Int32(bytes.count) else {
      throw LineFileError(path, errno: errno)
    }
    count += bytes.count
  }

  /// Writes what is left, and closes the file (`gzclose_w`).
  ///
  /// - Throws: When the disk is full.
  package func finish() throws(LineFileError) {
    guard let raw else { return }
    self.raw = nil
    guard gzclose_w(raw) == Z_OK else { throw LineFileError(path, errno: errno) }
  }
}
