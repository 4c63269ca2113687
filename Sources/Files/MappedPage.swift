import Glibc

/// The first bytes of a file, mapped into the memory of all processes that use them.
package final class MappedPage {
  package let bytes: UnsafeMutableRawPointer
  package let file: File
  private let count: Int

  /// Maps a file for reading and writing.
  ///
  /// The file gets its full length first. Writing to a page without room on the file system would
  /// end the process (SIGBUS). The kernel writes the page to the disk now and then; a change waits
  /// for that no longer than a `write` does.
  ///
  /// - Parameters:
  ///   - file: A file opened for `sharing`.
  ///   - count: The number of bytes.
  /// - Throws: When there is no room.
  package init(_ file: File, count: Int) throws(FileError) {
    try file.reserve(count)
    bytes = try Self.map(file, count, PROT_READ | PROT_WRITE)
    self.file = file
    self.count = count
  }

  /// Maps a file for reading only: `bytes` must not be written to.
  ///
  /// - Throws: When it can't be mapped, or has another length (EINVAL).
  package init(reading file: File, count: Int) throws(FileError) {
    guard try file.size() == count else { throw FileError("map", file.path, code: EINVAL) }
    bytes = try Self.map(file, count, PROT_READ)
    self.file = file
    self.count = count
  }

  deinit { munmap(bytes, count) }

  /// The C function: `mmap`.
  private static func map(
    _ file: File, _ count: Int, _ protection: Int32
  ) throws(FileError) -> UnsafeMutableRawPointer {
    guard let page = mmap(nil, count, protection, MAP_SHARED, file.rawDescriptor, 0),
      page != MAP_FAILED
    else { throw FileError("map", file.path, code: errno) }
    return page
  }
}
