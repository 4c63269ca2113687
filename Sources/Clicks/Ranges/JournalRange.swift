/// The bytes `[from, to)` of one journal: whole lines, and what one message carries.
package struct JournalRange: Hashable, Sendable, CustomStringConvertible {
  package let journal: JournalID
  package let from: Int
  package let to: Int

  /// Nil unless it begins at or after 0 and isn't empty.
  package init?(journal: JournalID, from: Int, to: Int) {
    guard from >= 0, to > from else { return nil }
    self.journal = journal
    self.from = from
    self.to = to
  }

  package var count: Int { to - from }

  package var description: String { "\(journal)[\(from), \(to))" }
}
