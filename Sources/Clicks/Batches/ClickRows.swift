/// The rows of a batch: one call for each click.
package protocol ClickRows {
  init()
  var count: Int { get }
  /// Memory taken, about, in bytes.
  var byteCount: Int { get }
  /// For each journal among the rows, the last byte that is in them.
  var ends: [JournalID: Int] { get }
  mutating func append(_ click: ClickLine, at place: JournalRange)
  mutating func append(_ click: Click, at place: JournalRange)
  /// Which of these events the rows have; rarely asked, so it may read all of them.
  func events(among candidates: Set<EventID>) -> Set<EventID>
  /// The same rows, those of one journal together and in its order.
  func inJournalOrder() -> Self
  /// The rows of a range, in the same order.
  func slice(_ range: Range<Int>) -> Self
  /// A row as a line of a journal, to be dead-lettered.
  func deadLine(_ row: Int, reason: String) -> DeadLine
}
