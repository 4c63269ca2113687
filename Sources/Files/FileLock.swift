import Glibc

/// A file that one process at a time holds by `flock`, so that there is one relay for a directory of
/// journals.
///
/// The lock ends with the process, however it ends.
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
}
