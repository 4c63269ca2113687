/// Notices that ClickHouse deletes visits for too long: totals aren't copied meanwhile.
struct DeletionWatch {
  /// How long it may take, and how often it is noted after that.
  private static let milliseconds: Int64 = 60_000

  private var noteAt: Int64?
  /// Whether it was noted, and hasn't ended since.
  private(set) var isOverdue = false

  /// Takes down what was seen.
  ///
  /// - Returns: Whether it is to be noted now that deletions take too long.
  mutating func see(isDeleting: Bool, at now: Int64) -> Bool {
    guard isDeleting else {
      self = DeletionWatch()
      return false
    }
    guard let moment = noteAt else {
      noteAt = now + Self.milliseconds
      return false
    }
    guard now >= moment else { return false }
    noteAt = now + Self.milliseconds
    isOverdue = true
    return true
  }
}
