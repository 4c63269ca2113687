package import Clicks
package import Files
import Glibc

/// A name in the journals' directory that a journal may have, and what it stands for.
package struct JournalEntry {
  package let journal: JournalID
  package let bytes: Int
  /// When it was last written, in milliseconds since 1970.
  package let modified: Int64
  /// Whether it can be a journal; else nothing of it is read (`JournalDirectory.isJournal`).
  package let isJournal: Bool

  /// Its bytes added to a sum; a sparse file may claim any length.
  package func adding(to sum: Int) -> Int {
    guard isJournal else { return sum }
    let (total, isOver) = sum.addingReportingOverflow(bytes)
    return isOver ? .max : total
  }
}

/// A walk over the journals' directory, again and again, in steps of a bounded length.
///
/// Tens of thousands of journals may lie there after an outage; a caller with other work to do takes
/// a few of them at a time. A journal that is there all the while is met once in each round.
package final class JournalWalk {
  private let directory: JournalDirectory
  private var round: (stream: OpaquePointer, opened: Directory, status: stat)?

  package init(_ directory: JournalDirectory) {
    self.directory = directory
  }

  deinit { endRound() }

  /// Whether the next step is the first of a round.
  package var isAtStart: Bool { round == nil }

  /// Goes on, or begins a round.
  ///
  /// The C functions: `readdir`, `fstatat`.
  ///
  /// - Parameters:
  ///   - count: Most names that are read, of any kind.
  ///   - body: Called for each name that a journal may have.
  /// - Returns: Whether the round is over.
  /// - Throws: When the directory can't be read; the next step begins a round.
  package func step(
    atMost count: Int, _ body: (JournalEntry) -> Void
  ) throws(FileError) -> Bool {
    if round == nil { round = try beginRound() }
    guard let round else { return true }
    var left = count
    while left > 0 {
      left -= 1
      errno = 0
      guard let entry = readdir(round.stream) else {
        let code = errno
        endRound()
        guard code == 0 else { throw FileError("list", directory.path, code: code) }
        return true
      }
      guard let journal = Self.journal(named: entry),
        let status = round.opened.status(of: JournalDirectory.name(journal))
      else { continue }
      body(
        JournalEntry(
          journal: journal, bytes: max(0, Int(status.st_size)),
          modified: Int64(status.st_mtim.tv_sec) * 1000
            + Int64(status.st_mtim.tv_nsec) / 1_000_000,
          isJournal: JournalDirectory.isJournal(status, in: round.status)))
    }
    return false
  }

  private func beginRound() throws(FileError) -> (
    stream: OpaquePointer, opened: Directory, status: stat
  ) {
    let opened = try Directory(directory.path)
    let status = try opened.status()
    // `readdir` moves the offset of its descriptor, so it gets one of its own.
    let own = openat(opened.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { throw FileError("list", directory.path) }
    guard let stream = fdopendir(own) else {
      let error = FileError("list", directory.path)
      close(own)
      throw error
    }
    return (stream: stream, opened: opened, status: status)
  }

  private func endRound() {
    if let round { closedir(round.stream) }
    round = nil
  }

  private static func journal(named entry: UnsafeMutablePointer<dirent>) -> JournalID? {
    // Sixteen digits, ".ndjson" and the end; a shorter entry has less memory than that.
    let length = 24
    guard let place = MemoryLayout<dirent>.offset(of: \.d_name),
      Int(entry.pointee.d_reclen) >= place + length
    else { return nil }
    let name = UnsafeRawBufferPointer(start: UnsafeRawPointer(entry) + place, count: length)
    guard name[23] == 0, name[16..<23].elementsEqual(".ndjson".utf8),
      // Names are written in lower case; another spelling would be another file.
      name[..<16].allSatisfy({ !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) })
    else { return nil }
    return JournalID(hex: name[..<16])
  }
}
