package import Clicks

extension JournalRange {
  /// A line of one byte at least, for a test that cares only for its end.
  package static func line(endingAt end: Int, of journal: JournalID) -> JournalRange {
    guard let range = JournalRange(journal: journal, from: max(0, end - 50), to: end) else {
      preconditionFailure("a line ends after byte 0")
    }
    return range
  }
}
