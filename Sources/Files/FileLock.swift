/// A file that one process at a time holds by `flock`, so that there is one relay for a directory of
/// journals.
///
/// The lock ends with the process, however it ends.
package final class FileLock {
  private let file: File

  /// Takes the lock if nobody has it.
  ///
  /// - Parameter path: Made if it isn't there.
  /// - Returns: Nil while another process holds it.
  /// - Throws: When the file can't be opened.
  package static func take(_ path: String) throws(FileError) -> FileLock? {
    let file = try File(path, for: .sharing)
    return try file.lock() ? FileLock(file) : nil
  }

  private init(_ file: File) {
    self.file = file
  }
}
