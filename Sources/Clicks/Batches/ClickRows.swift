/// The rows of a batch: one call for each click.
package protocol ClickRows {
  init()
  var count: Int { get }
  /// The approximate memory in bytes.
  var byteCount: Int { get }
  /// For each journal, the end of its last row.
  var ends: [JournalID: Int] { get }
  mutating func append(_ click: ClickLine, at place: JournalRange)
  mutating func append(_ click: Click, at place: JournalRange)
  /// Which of these events are among the rows; rarely called, so it may read all of them.
  func events(among candidates: Set<EventID>) -> Set<EventID>
  /// The same rows, grouped by journal and in its order.
  func inJournalOrder() -> Self
  /// The rows of a range, in the same order.
  func slice(_ range: Range<Int>) -> Self
  /// A row as a line of a journal, for the dead letters.
  func deadLine(_ row: Int, reason: String) -> DeadLine
}
