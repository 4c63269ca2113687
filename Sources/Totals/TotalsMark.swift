/// How far the totals are copied.
struct TotalsMark: Equatable, Sendable {
  /// The last batch of clicks that is in all copied totals.
  let batch: Int64
  /// Whether the counts from before the seam are in them.
  let hasCarried: Bool
  /// How many deletions of visits are in them.
  let deletions: Int64

  /// Whether totals must be copied anew, and not those alone that have changed.
  ///
  /// Batches only rise. So a lower last batch is that of another database: a restored backup.
  ///
  /// - Parameter mark: Of what was copied before; nil for nothing.
  /// - Returns: Whether what was copied misses more than the batches since.
  func needsAll(since mark: TotalsMark?) -> Bool {
    guard let mark else { return true }
    return batch < mark.batch || hasCarried != mark.hasCarried
  }
}
