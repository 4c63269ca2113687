import Clicks
import Files
import Metrics
import Service

extension JournalDirectory {
  /// The limit of bytes that are read of a line for its time; a longer line counts by its file's
  /// time.
  private static let lineBytes = 64 << 10
  /// The limit of journals that are opened for a line, since a health check must stay short.
  ///
  /// Half of them are those unchanged for longest. The other half are those written last, which may
  /// have been begun long ago.
  private static let maximumOpened = 128

  /// The size of the journals, and how much of them the broker has not confirmed.
  ///
  /// It uses the progress that the relay saved, at most about a second ago. So it also works
  /// without a running relay.
  func depth(_ state: StateDirectory) throws(FileError) -> MetricsSnapshot.Journals {
    var cursors = RelayCursors(state)
    let confirmed = try cursors.load()
    var depth = MetricsSnapshot.Journals()
    var waiting: [(journal: JournalID, offset: Int, written: Int64)] = []
    try visit { entry in
      guard entry.isJournal else { return }
      depth.files += 1
      depth.bytes = entry.adding(to: depth.bytes)
      let end = confirmed[entry.journal] ?? 0
      guard entry.bytes > end else { return }
      let (sum, isOver) = depth.unconfirmedBytes.addingReportingOverflow(entry.bytes - end)
      depth.unconfirmedBytes = isOver ? .max : sum
      // A line that is no click is at most as old as its file's last change.
      waiting.append((entry.journal, end, entry.modified))
    }
    if waiting.count > Self.maximumOpened {
      waiting.sort { $0.written < $1.written }
      let half = Self.maximumOpened / 2
      waiting.removeSubrange(half..<waiting.count - half)
    }
    let directory = try Directory(path)
    for (journal, offset, written) in waiting {
      let time = Self.timeOfClick(in: journal, of: directory, at: offset) ?? written
      depth.oldestUnconfirmed = min(depth.oldestUnconfirmed ?? time, time)
    }
    return depth
  }

  private static func timeOfClick(
    in journal: JournalID, of directory: Directory, at offset: Int
  ) -> Int64? {
    guard let file = try? open(journal, in: directory) else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: lineBytes) { buffer in
      guard let count = try? file.read(at: offset, into: buffer),
        let end = buffer.prefix(count).firstIndex(of: 0x0A)
      else { return nil }
      let line = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<end])
      return (try? ClickLine(parsing: line))?.milliseconds
    }
  }
}
