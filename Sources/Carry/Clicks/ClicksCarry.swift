import ClickHouse
import Logging
import Metrics
import Pipeline
import Service

/// Carries the clicks of all days, and compares each complete day.
final class ClicksCarry {
  /// The prefix of its gates' names.
  static let gates = "carry_gate_"

  private let client: Client
  private let settings: CarrySettings
  private let attempts: CarryAttempts
  private let seam: Seam
  private let fence: ClickFence
  private let progress: CarryProgress
  private var pace: Pace
  /// The approximate limit of clicks of one insert; less after the server was overloaded.
  private var limit: Int

  init(
    _ client: Client, _ settings: CarrySettings, _ attempts: CarryAttempts, log: Logger,
    meter: Meter
  ) {
    self.client = client
    self.settings = settings
    self.attempts = attempts
    seam = Seam(client)
    fence = ClickFence(
      client, prefix: Self.gates, queryPrefix: "swiftlet-carry", views: [.visits])
    progress = CarryProgress(seam, log: log, meter: meter)
    pace = Pace(rate: settings.rate)
    limit = settings.rangeRows
  }

  /// Makes the next ranges half as large.
  func takeLess() {
    limit = max(min(limit, settings.spacing), limit / 2)
  }

  /// Carries the remaining clicks.
  ///
  /// - Parameter lastBatch: The last old batch.
  /// - Returns: The number of all carried clicks.
  /// - Throws: `CarryError` for a difference; any other error may be over at the next attempt.
  func carry(upTo lastBatch: UInt64) throws -> Int {
    let days = try OldTables(client).days()
    let compared = try seam.comparedDays()
    let carried = compared.isEmpty ? [:] : try carriedRows(upTo: lastBatch)
    // The clicks of a compared day may have been removed, to be carried again.
    let isDone = { (day: OldDay) in
      compared.contains(UInt64(day.number)) && carried[day.name] == day.rows
    }
    progress.begin(
      of: days.reduce(0) { $0 + $1.rows },
      done: days.filter(isDone).reduce(0) { $0 + $1.rows })
    for day in days where !isDone(day) {
      try carry(
        DayCarry(rows: DayRows(client: client, day: day), lastBatch: lastBatch, fence: fence))
      try seam.note(.compared, UInt64(day.number))
      attempts.advanced()
    }
    try compare(days, with: try carriedRows(upTo: lastBatch))
    try progress.finish()
    return progress.total
  }

  /// Whether all remaining old clicks are in the table by link.
  func areCarried(upTo lastBatch: UInt64) throws(ClickHouseError) -> Bool {
    let carried = try carriedRows(upTo: lastBatch)
    return try OldTables(client).days().allSatisfy { carried[$0.name] == $0.rows }
  }

  private func compare(_ days: [OldDay], with carried: [String: Int]) throws {
    let expected = Dictionary(days.map { ($0.name, $0.rows) }) { first, _ in first }
    let names = Set(expected.keys).union(carried.keys)
    guard let day = names.filter({ carried[$0] != expected[$0] }).min() else { return }
    throw CarryError.dayDiffers(
      day: day, carried: carried[day] ?? 0, expected: expected[day] ?? 0)
  }

  private func carry(_ day: DayCarry) throws {
    let name = day.rows.day.name
    try attempts.check()
    try fence.takeOver()
    let (total, batches) = try day.total()
    let carried = try day.carried()
    var cuts = try DayCuts(day.rows, total: total, settings)
    guard try cuts.skip(carried) else {
      throw CarryError.noRangeFits(day: name, carried: carried)
    }
    progress.beginDay(carried)
    while !cuts.isAtEnd {
      try attempts.check()
      let began = SystemClock.bootMilliseconds()
      let (range, rows) = try cuts.next(rows: pace.rows(limit: limit))
      if rows > 0 { try day.carry(range) }
      attempts.advanced()
      limit = min(settings.rangeRows, limit + limit / 16 + 1)
      try progress.add(rows)
      Pause.untilStop(
        milliseconds: pause(after: rows, since: began))
    }
    let comparison = DayComparison(rows: day.rows, lastBatch: day.lastBatch)
    if let batch = try comparison.difference(batches: batches) {
      throw CarryError.differs(day: name, batch: batch)
    }
  }

  private func pause(after rows: Int, since began: Int64) -> Int {
    pace.pause(after: rows, since: began, at: SystemClock.bootMilliseconds())
  }

  /// Old clicks in the table by link, by day, without the consumer's probes.
  private func carriedRows(upTo lastBatch: UInt64) throws(ClickHouseError) -> [String: Int] {
    let rows = try client.select(
      """
      SELECT toString(ingest_day) AS day, count() FROM visits
      WHERE batch <= \(lastBatch) AND ingest_day != toDate(\(OldTables.experiments)) GROUP BY day
      """, timeout: DayRows.timeout)
    return Dictionary(rows.map { ($0[0], Int($0[1]) ?? 0) }) { first, _ in first }
  }
}
