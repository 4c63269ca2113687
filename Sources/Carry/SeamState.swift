/// How far the change from the tables by short code to those by link has come.
package struct SeamState: Sendable {
  package enum Phase: Equatable, Sendable {
    /// The tables of clicks by link are not there yet.
    case notMigrated
    /// There are no old tables, or none any more.
    case nothing
    /// The first click after the update fixes which batch is the last old one.
    case waiting
    case carrying(lastBatch: UInt64)
    /// All is carried, and old tables are there still.
    case complete
  }

  /// What the log has of one step.
  struct Note {
    let greatest: UInt64
    let last: UInt64
    /// Of the last one.
    let second: Int
    /// How many seconds ago that was, by the server's clock.
    let age: Int
  }

  /// The tables of clicks by short code.
  static let clicks = "clicks_before"
  static let counts = ["clicks_by_link", "clicks_by_day", "clicks_by_referrer"]
  static let old = [clicks] + counts

  package let phase: Phase
  /// The last old batch, once it is known.
  let lastBatch: UInt64?
  /// Clicks that are carried, as the carry last noted it.
  package let carriedRows: UInt64
  /// The batch that was not the same in both tables, or 0; nil when none was, or when a carry has come
  /// further since.
  package let difference: UInt64?
  /// For how many seconds nothing has been noted.
  package let quietSeconds: Int
  /// Whether a gate leads to counts by short code.
  let hasOldViews: Bool
  /// The old tables that are there.
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
