import Files

/// The file of one process that counts, mapped into its memory and held by a lock.
///
/// It lies in `STATE_DIR` and not in a directory of the running system. So the numbers go on after a
/// restart of the machine.
final class MetricsSlot {
  private let page: MappedPage
  var bytes: UnsafeMutableRawPointer { page.bytes }

  /// Takes a slot, making its file if it isn't there.
  ///
  /// - Returns: Nil when another process has it.
  /// - Throws: When the file can't be made or mapped.
  static func take(_ path: String) throws(FileError) -> MetricsSlot? {
    let file = try File(path, for: .sharing)
    guard RecordLock.take(file, from: 0, count: Layout.bytes) else { return nil }
    return MetricsSlot(try MappedPage(file, count: Layout.bytes))
  }

  /// Reads a slot, whoever holds it.
  ///
  /// - Returns: Nil when it has no numbers yet.
  static func read(_ path: String, role: Role) -> SlotReading? {
    guard let file = try? File(path, for: .reading),
      let page = try? MappedPage(reading: file, count: Layout.bytes)
    else { return nil }
    let isHeld = RecordLock.isHeld(file, from: 0, count: Layout.bytes)
    return withExtendedLifetime(page) {
      SlotReading(role: role, isHeld: isHeld, page: UnsafeRawPointer(page.bytes))
    }
  }

  private init(_ page: MappedPage) {
    self.page = page
  }
}
