/// The progress of the change from the tables by short code to those by link.
package struct SeamState: Sendable {
  package enum Phase: Equatable, Sendable {
    /// The tables of clicks by link don't exist yet.
    case notMigrated
    /// There are no old tables, or they were dropped.
    case nothing
    /// The last old batch isn't known until the first click after the update.
    case waiting
    case carrying(lastBatch: UInt64)
    /// Everything is carried, and old tables still exist.
    case complete
  }

  /// The log's entry for one step.
  struct Note {
    let greatest: UInt64
    let last: UInt64
    /// The number of the last entry.
    let second: Int
    /// The age of the last entry in seconds, by the server's clock.
    let age: Int
  }

  /// The tables of clicks by short code.
  static let clicks = "clicks_before"
  static let counts = ["clicks_by_link", "clicks_by_day", "clicks_by_referrer"]
  static let old = [clicks] + counts

  package let phase: Phase
  /// The last old batch, once it is known.
  let lastBatch: UInt64?
  /// Carried clicks, by the carry's last note.
  package let carriedRows: UInt64
  /// The batch that differed between the tables, or 0.
  ///
  /// It is nil without a difference, and when a carry has made progress since.
  package let difference: UInt64?
  /// The seconds since the last note.
  package let quietSeconds: Int
  /// Whether a gate has views for counts by short code.
  let hasOldViews: Bool
  /// The existing old tables.
  let oldTables: [String]

  init(tables: Set<String>, steps: [Seam.Step: Note]) {
    oldTables = Self.old.filter(tables.contains)
    lastBatch = steps[.lastBatch]?.greatest
    carriedRows = steps[.carried]?.greatest ?? 0
    let advanced = max(steps[.carried]?.second ?? 0, steps[.compared]?.second ?? 0)
    difference = steps[.differs].flatMap { $0.second > advanced ? $0.last : nil }
    quietSeconds = steps.values.map(\.age).min() ?? 0
    hasOldViews = tables.contains { table in
      Self.counts.contains { table.hasSuffix("_to_" + $0) }
    }
    phase =
      if !tables.contains("seam") || tables.contains("clicks") {
        .notMigrated
      } else if oldTables.isEmpty {
        .nothing
      } else if steps[.complete] != nil {
        .complete
      } else if let lastBatch {
        .carrying(lastBatch: lastBatch)
      } else {
        .waiting
      }
  }
}
