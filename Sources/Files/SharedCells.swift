package import Synchronization

/// Numbers in a page that processes share by a file; each is read and written atomically.
///
/// A new file has zeros. An atomic number is a plain number in memory. So the numbers of an earlier
/// process are read as they are.
package final class SharedCells {
  private static let byteCount = 4096

  package let cells: UnsafeMutablePointer<Atomic<Int>>
  /// Nil for private numbers of this process.
  private let page: MappedPage?

  /// Maps a file, which is created if it doesn't exist.
  package init(_ path: String) throws(FileError) {
    let page = try MappedPage(File(path, for: .sharing), count: Self.byteCount)
    self.page = page
    cells = Self.cells(in: page.bytes)
  }

  /// Private numbers of this process.
  package init() {
    page = nil
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Self.byteCount, alignment: MemoryLayout<Int>.alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount)
    cells = Self.cells(in: bytes)
  }

  deinit {
    if page == nil { UnsafeMutableRawPointer(cells).deallocate() }
  }

  /// Takes the numbers' lock if no other process holds it; it ends with the process at the latest.
  package func lock() -> Bool { page.map { RecordLock.take($0.file, from: 0, count: 1) } ?? true }

  package func unlock() {
    if let page { RecordLock.release(page.file, from: 0, count: 1) }
  }

  private static func cells(
    in bytes: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<Atomic<Int>> {
    bytes.bindMemory(to: Atomic<Int>.self, capacity: byteCount / MemoryLayout<Int>.size)
  }
}
