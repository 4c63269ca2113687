import Files
import Glibc

/// The file of one process that counts, mapped into its memory and held by a lock.
///
/// It lies in `STATE_DIR` and not in a directory of the running system, so that the numbers go on when
/// the machine was restarted.
final class MetricsSlot {
  private let page: MappedPage
  var bytes: UnsafeMutableRawPointer { page.bytes }

  /// Takes a slot, making its file if it isn't there.
  ///
  /// - Returns: Nil when another process has it.
  /// - Throws: When the file can't be made or mapped.
  static func take(_ path: String) throws(FileError) -> MetricsSlot? {
    let descriptor = try MappedPage.open(path)
    guard RecordLock.take(descriptor, from: 0, count: Layout.bytes) else {
      close(descriptor)
      return nil
    }
    return MetricsSlot(try MappedPage(adopting: descriptor, count: Layout.bytes, path))
  }

  /// Reads a slot, whoever holds it.
  ///
  /// - Returns: Nil when it has no numbers yet.
  static func read(_ path: String, role: Role) -> SlotReading? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard MappedPage.size(of: descriptor) == Layout.bytes,
      let page = try? MappedPage.map(descriptor, Layout.bytes, PROT_READ, path)
    else { return nil }
    defer { munmap(page, Layout.bytes) }
    return SlotReading(
      role: role, isHeld: RecordLock.isHeld(descriptor, from: 0, count: Layout.bytes),
      page: UnsafeRawPointer(page))
  }

  private init(_ page: MappedPage) {
    self.page = page
  }
}
