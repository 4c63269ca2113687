package import Clicks
import Files
import Glibc

/// An entry of the journals' directory whose name a journal may have.
package struct JournalEntry {
  package let journal: JournalID
  package let bytes: Int
  /// When it was last written, in milliseconds since 1970.
  let modified: Int64
  /// Whether it can be a journal (`JournalDirectory.isJournal`); if not, it is never read.
  package let isJournal: Bool

  /// Its bytes added to a sum; a sparse file may claim any length.
  func adding(to sum: Int) -> Int {
    guard isJournal else { return sum }
    let (total, isOver) = sum.addingReportingOverflow(bytes)
    return isOver ? .max : total
  }
}

/// A repeated walk over the journals' directory, in steps of bounded length.
///
/// Tens of thousands of journals may lie there after an outage, so a busy caller takes a few at a
/// time. A journal that exists during a whole round is met once in it.
final class JournalWalk {
  private let directory: JournalDirectory
  private var round: Round?

  init(_ directory: JournalDirectory) {
    self.directory = directory
  }

  /// Whether the next step is the first of a round.
  var isAtStart: Bool { round == nil }

  /// Continues a round, or begins one.
  ///
  /// - Parameters:
  ///   - count: The limit of entries to read, of any kind.
  ///   - body: Called for each name that a journal may have.
  /// - Returns: Whether the round is over.
  /// - Throws: When the directory can't be read; the next step begins a round.
  func step(
    atMost count: Int, _ body: (JournalEntry) -> Void
  ) throws(FileError) -> Bool {
    let round: Round
    if let current = self.round { round = current } else { round = try Round(directory) }
    self.round = nil
    for _ in 0..<count {
      guard let named = try round.listing.next(Self.journal(named:)) else { return true }
      guard let journal = named,
        let status = round.opened.status(of: JournalDirectory.name(journal))
      else { continue }
      body(
        JournalEntry(
          journal: journal, bytes: max(0, Int(status.st_size)),
          modified: Int64(status.st_mtim.tv_sec) * 1000
            + Int64(status.st_mtim.tv_nsec) / 1_000_000,
          isJournal: JournalDirectory.isJournal(status, in: round.status)))
    }
    self.round = round
    return false
  }

  private struct Round {
    let opened: Directory
    let status: stat
    let listing: Listing

    init(_ directory: JournalDirectory) throws(FileError) {
      opened = try Directory(directory.path)
      status = try opened.status()
      listing = try Listing(of: opened)
    }
  }

  /// Sixteen digits and `.ndjson`; nil for another name.
  private static func journal(named name: UnsafeRawBufferPointer) -> JournalID? {
    guard name.count == 23, name[16...].elementsEqual(".ndjson".utf8),
      // Names are written in lower case; another spelling would be another file.
      name[..<16].allSatisfy({ !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) })
    else { return nil }
    return JournalID(hex: name[..<16])
  }
}
