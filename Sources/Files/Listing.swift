import Glibc
import SystemPackage

/// The names in a directory, read one after the other.
///
/// A name that is there all the while is met once.
package final class Listing {
  private let path: String
  private let stream: OpaquePointer

  /// Begins at the first name.
  ///
  /// The C function: `fdopendir`. `readdir` moves the offset of its descriptor, so it gets one of its
  /// own.
  package init(of directory: Directory) throws(FileError) {
    path = directory.path
    let own: Int32
    do throws(Errno) {
      own = try SystemCall.retry {
        openat(directory.descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      }
    } catch {
      throw FileError("list", path, error)
    }
    guard let stream = fdopendir(own) else {
      let code = errno
      close(own)
      throw FileError("list", path, code: code)
    }
    self.stream = stream
  }

  deinit { closedir(stream) }

  /// Lends the bytes of the next name.
  ///
  /// The C function: `readdir`.
  ///
  /// - Returns: What `body` returned; nil at the end.
  package func next<Result>(
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(FileError) -> Result? {
    errno = 0
    guard let entry = readdir(stream) else {
      let code = errno
      guard code == 0 else { throw FileError("list", path, code: code) }
      return nil
    }
    guard let place = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
    let name = UnsafeRawPointer(entry) + place
    let length = strlen(name.assumingMemoryBound(to: CChar.self))
    return body(UnsafeRawBufferPointer(start: name, count: length))
  }
}
