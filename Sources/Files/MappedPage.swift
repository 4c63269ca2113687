import Glibc

/// One page of a file, mapped into the memory of all processes that use it.
package final class MappedPage {
  package let bytes: UnsafeMutableRawPointer
  package let descriptor: Int32
  private let count: Int

  /// Opens the file and makes it if it isn't there; `map` comes next.
  ///
  /// The C function: `open`.
  package static func open(_ path: String) throws(FileError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileError("open", path) }
    return descriptor
  }

  /// Maps a file that is open, for reading and writing, and takes its descriptor over.
  ///
  /// The file gets its full length first: a page of a mapping that the file system has no room for
  /// would end the process (SIGBUS) when it is written to. The kernel writes the page to
  /// the disk now and then, and a process that writes to it waits for that as little as a `write` does.
  package init(adopting descriptor: Int32, count: Int, _ path: String) throws(FileError) {
    do throws(FileError) {
      try Self.fill(descriptor, count, path)
      bytes = try Self.map(descriptor, count, PROT_READ | PROT_WRITE, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.count = count
  }

  /// Opens and maps a file, whoever else has it.
  package convenience init(_ path: String, count: Int) throws(FileError) {
    try self.init(adopting: Self.open(path), count: count, path)
  }

  deinit {
    munmap(bytes, count)
    close(descriptor)
  }

  /// The C function: `mmap`.
  package static func map(
    _ descriptor: Int32, _ count: Int, _ protection: Int32, _ path: String
  ) throws(FileError) -> UnsafeMutableRawPointer {
    guard let page = mmap(nil, count, protection, MAP_SHARED, descriptor, 0), page != MAP_FAILED
    else { throw FileError("map", path) }
    return page
  }

  package static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : -1
  }

  /// The C function: `posix_fallocate`, which leaves what is there as it is.
  private static func fill(_ descriptor: Int32, _ count: Int, _ path: String) throws(FileError) {
    guard size(of: descriptor) < count else { return }
    let code = posix_fallocate(descriptor, 0, off_t(count))
    guard code == 0 else { throw FileError("make room in", path, code: code) }
  }
}
