import Clicks
import Glibc
import Metrics

extension JournalDirectory {
  /// Most bytes that are read of a line for its time; a longer one has its file's.
  private static let lineBytes = 64 << 10

  /// What is in the folder, and what of it the broker has not confirmed.
  ///
  /// It goes by what the relay last wrote down of its progress, at most about a second ago, so that
  /// it holds while there is no relay, too.
  func depth() throws(FileError) -> Readings.Journals {
    var cursors = RelayCursors(self)
    let confirmed = try cursors.load()
    var depth = Readings.Journals()
    for journal in try journals() {
      var status = stat()
      guard stat(file(journal), &status) == 0 else { continue }
      let size = Int(status.st_size)
      depth.files += 1
      depth.bytes += size
      let end = confirmed[journal] ?? 0
      guard size > end else { continue }
      depth.unconfirmedBytes += size - end
      // A line that is no click was written no later than its file was.
      let written = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
      let time = timeOfClick(in: journal, at: end) ?? written
      depth.oldestUnconfirmed = min(depth.oldestUnconfirmed ?? time, time)
    }
    return depth
  }

  private func timeOfClick(in journal: JournalID, at offset: Int) -> Int64? {
    let descriptor = open(file(journal), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.lineBytes) { buffer in
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      guard let end = buffer.prefix(max(count, 0)).firstIndex(of: 0x0A) else { return nil }
      let line = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<end])
      return (try? ClickLine(parsing: line))?.milliseconds
    }
  }
}
