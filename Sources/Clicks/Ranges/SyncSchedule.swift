/// Decides when a journal must be synced: when its bytes have waited too long for the broker's
/// confirm.
///
/// It looks at each journal repeatedly; the age of a byte counts from the look that first saw it.
/// Times are milliseconds of one clock that never steps.
///
/// Invariant: bytes below a journal's safe byte are with the broker or on the disk, and that byte
/// never moves back.
package struct SyncSchedule {
  private struct Progress {
    var safe = 0
    /// Sizes above the safe byte and when each was first seen, the oldest first.
    var seen: [(size: Int, at: Int64)] = []
    var isNamed = false
  }

  private let limit: Int64
  private var journals: [JournalID: Progress] = [:]

  /// - Parameter limit: How long a byte may wait after it was first seen.
  package init(limit: Int64) {
    self.limit = limit
  }

  /// Notes the state of a journal.
  ///
  /// - Parameters:
  ///   - journal: The journal.
  ///   - size: Its bytes.
  ///   - confirmed: The byte up to which the broker has it.
  ///   - now: The time of the look.
  /// - Returns: Whether it must be synced now.
  package mutating func look(
    at journal: JournalID, size: Int, confirmed: Int, now: Int64
  ) -> Bool {
    var progress = journals[journal] ?? Progress()
    progress.safe = max(progress.safe, confirmed)
    progress.seen.removeAll { $0.size <= progress.safe }
    if size > max(progress.safe, progress.seen.last?.size ?? 0) {
      progress.seen.append((size, now))
    }
    journals[journal] = progress
    return progress.seen.first.map { now - $0.at >= limit } ?? false
  }

  /// Notes that a journal was synced with at least `size` bytes.
  ///
  /// - Returns: Whether it is the first time: then its directory must be synced too.
  package mutating func synced(_ journal: JournalID, to size: Int) -> Bool {
    var progress = journals[journal] ?? Progress()
    defer { journals[journal] = progress }
    progress.safe = max(progress.safe, size)
    progress.seen.removeAll { $0.size <= progress.safe }
    defer { progress.isNamed = true }
    return !progress.isNamed
  }

  /// Forgets the journals that are gone.
  package mutating func keep(only there: Set<JournalID>) {
    journals = journals.filter { there.contains($0.key) }
  }
}
