import Clicks
import TestSupport

/// A model of the tables, as far as the click path relies on them.
///
/// An insert into one table is executed as a whole or not at all; each of the counts has its own
/// insert.
struct ModelStore {
  private(set) var rows: [RecordedRows.Row] = []
  /// For each count, by batch, the events it counted.
  private(set) var counts: [UInt32: [UInt64: [EventID]]] = [1: [:], 2: [:], 4: [:], 8: [:]]
  private var batchOf: [EventID: UInt64] = [:]
  private var ends: [JournalID: Int] = [:]
  private(set) var lastBatch: UInt64 = 0
  private(set) var recovered = 0

  func end(of journal: JournalID) -> Int { ends[journal] ?? 0 }
  var events: Set<EventID> { Set(rows.map(\.event)) }

  mutating func insertClicks(_ batch: RecordedRows, number: UInt64) {
    rows += batch.rows
    for row in batch.rows { batchOf[row.event] = number }
    lastBatch = max(lastBatch, number)
  }

  func hasClicks(of batch: UInt64) -> Bool { batchOf.values.contains(batch) }

  mutating func insertCounts(
    _ batch: [EventID], ends: [JournalID: Int], number: UInt64, targets: CountTargets
  ) {
    for bit in [1, 2, 4, 8] as [UInt32] where targets.rawValue & bit != 0 {
      counts[bit]?[number, default: []] += batch
      if bit == 8 {
        for (journal, end) in ends { self.ends[journal] = max(end, self.ends[journal] ?? 0) }
      }
    }
    lastBatch = max(lastBatch, number)
  }

  func missing(_ batch: UInt64) -> CountTargets {
    CountTargets(
      counts.filter { ($0.value.keys.max() ?? 0) < batch }.map { CountTargets(rawValue: $0.key) })
  }

  /// What a consumer does at its start: the last batch is finished from the table of clicks.
  mutating func recover() {
    let last = batchOf.values.max() ?? 0
    let missing = missing(last)
    guard last > 0, !missing.isEmpty else { return }
    recovered += 1
    let rows = rows.filter { batchOf[$0.event] == last }
    let ends = Dictionary(rows.map { ($0.journal, $0.end) }, uniquingKeysWith: max)
    insertCounts(rows.map(\.event), ends: ends, number: last, targets: missing)
  }
}
