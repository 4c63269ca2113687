import Glibc

/// A file that one process at a time holds by `flock`, so that there is one relay for a folder of
/// journals and one consumer on a host.
///
/// The lock ends with the process, however it ends. The file can keep one note from one holder to
/// the next.
package final class FileLock {
  private let descriptor: Int32

  /// Takes the lock if nobody has it.
  ///
  /// - Parameter path: Made if it isn't there.
  /// - Returns: Nil while another process holds it.
  /// - Throws: When the file can't be opened.
  package static func take(_ path: String) throws(FileError) -> FileLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileError("open", path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let error = FileError("lock", path)
      close(descriptor)
      guard error.code == EWOULDBLOCK else { throw error }
      return nil
    }
    return FileLock(adopting: descriptor)
  }

  private init(adopting descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Whether a holder marked that it was amid something when it last wrote the note.
  package var isMarked: Bool {
    get {
      var byte: UInt8 = 0
      return pread(descriptor, &byte, 1, 0) == 1 && byte == UInt8(ascii: "1")
    }
    set {
      var byte = UInt8(ascii: newValue ? "1" : "0")
      _ = pwrite(descriptor, &byte, 1, 0)
    }
  }
}
