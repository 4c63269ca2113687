import ClickHouse
import Clicks

/// Takes over as the storing consumer, and finishes the work of the previous one.
///
/// Batches are numbered, and each count knows its last batch. So at most one stored batch is
/// missing in the counts: the last one. Earlier releases kept clicks by short code
/// (`clicks_before`, and the counts `clicks_by_…`). Their last batch is finished in the same way.
/// Then its number is noted in the table `seam`, and nothing old changes any more.
extension ClickSink {
  /// The result of a takeover.
  struct Takeover: Equatable {
    /// Whether counts were missing.
    var hasFinished = false
    /// Whether it has noted the last old batch.
    var hasCrossedSeam = false
  }

  /// Becomes the only consumer that stores, and finishes the last batch of the previous one.
  ///
  /// The missing counts are computed from the table of clicks. Call it once the broker has
  /// delivered something, again after any error, and before any question or insert.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer takes over at the same time.
  @discardableResult
  func takeOver() throws -> Takeover {
    var done = Takeover()
    // The first question also shows whether the tables exist, before another consumer is fenced
    // off.
    var before = try lastOfBefore()
    fence.lead(to: before == nil ? GateView.atSeam : GateView.ofConsumer)
    try fence.takeOver()
    if before == nil { before = try lastOfBefore() }
    if before == nil {
      (before, done.hasFinished) = try finishBefore()
      done.hasCrossedSeam = true
    }
    // The old tables will be dropped, and a view without its table would refuse every insert.
    fence.lead(to: GateView.ofConsumer)
    try fence.settle()
    if try finishLast(after: before ?? 0) { done.hasFinished = true }
    return done
  }

  /// The counts that lack a batch.
  func counts(lacking batch: UInt64) throws(ClickHouseError) -> CountTargets {
    CountTargets(try lastBatches(Self.counts).filter { $0.last < batch }.map(\.target))
  }

  /// How many rows of a batch the table of clicks has.
  func storedRows(batch: UInt64) throws(ClickHouseError) -> Int {
    let rows = try askVisits("SELECT count() FROM visits WHERE batch = \(batch)")
    return Int(rows.first?.first ?? "") ?? 0
  }

  /// Finishes the last batch if a count lacks it, and continues from its number.
  private func finishLast(after before: UInt64) throws -> Bool {
    let counts = try lastBatches(Self.counts)
    let mark = counts.map(\.last).max() ?? 0
    // The last batch that is known to be finished. Parts without a later batch aren't read, so
    // after an orderly end none is. Old clicks were copied: their counts are elsewhere.
    let finished = counts.allSatisfy { $0.last == mark } ? mark : mark - 1
    let rows = try askVisits(
      "SELECT max(batch) FROM visits WHERE batch > \(max(finished, before))")
    let batch = rows.first?.first.flatMap { UInt64($0) } ?? 0
    lastBatch = max(mark, before, batch)
    let missing = CountTargets(counts.filter { $0.last < batch }.map(\.target))
    guard !missing.isEmpty else { return false }
    let stored: SQL = "FROM visits WHERE batch = \(batch)"
    let end: SQL = "toUInt64(\(batch)), toUInt32(\(missing.rawValue))"
    try insert(
      "link, timestamp, weight, bot, ip_address, referrer_host, journal, journal_offset, batch, targets",
      """
      SELECT link, timestamp, weight, bot, ip_address, referrer_host, journal, journal_offset, \
      \(end) \(stored)
      UNION ALL
      SELECT toUInt64(0), toDateTime(0, 'UTC'), toUInt32(0), toUInt8(0), '', '', any(journal), \
      toUInt64(0), \(end) \(stored)
      """, batch: batch)
    return true
  }

  // MARK: - Before

  /// The number of the last old batch; nil until it is finished.
  private func lastOfBefore() throws(ClickHouseError) -> UInt64? {
    let rows = try client.select(
      "SELECT count(), max(number) FROM seam WHERE step = 'last_batch'")
    guard let row = rows.first, row.count == 2, row[0] != "0" else { return nil }
    return UInt64(row[1])
  }

  /// Finishes the last old batch, and notes its number.
  ///
  /// The note also goes through the gate, so a fenced-off consumer can't make it later.
  private func finishBefore() throws -> (last: UInt64, hasFinished: Bool) {
    let counts = try lastBatches(Self.countsBefore)
    let stored = try lastStoredBefore()
    let last = max(counts.map(\.last).max() ?? 0, stored?.batch ?? 0)
    var missing: CountTargets = []
    if let (batch, day) = stored, batch > 0 {
      missing = CountTargets(counts.filter { $0.last < batch }.map(\.target))
      if !missing.isEmpty { try finishBefore(batch, of: day, missing) }
    }
    try insert(
      "batch, targets", "SELECT toUInt64(\(last)), toUInt32(\(GateView.seam.bit))", batch: last)
    return (last, !missing.isEmpty)
  }

  private func finishBefore(_ batch: UInt64, of day: String, _ missing: CountTargets) throws {
    let stored: SQL = "FROM clicks_before WHERE ingest_day = toDate(\(day)) AND batch = \(batch)"
    let end: SQL = "toUInt64(\(batch)), toUInt32(\(missing.rawValue))"
    try insert(
      "code, timestamp, ip_address, referrer, journal, journal_offset, batch, targets",
      """
      SELECT short_code, timestamp, ip_address, referrer, journal, journal_offset, \(end) \(stored)
      UNION ALL
      SELECT '', toDateTime(0, 'UTC'), '', '', any(journal), toUInt64(0), \(end) \(stored)
      """, batch: batch)
  }

  /// The last batch in the table of old clicks, and its partition; nil without old clicks.
  ///
  /// It is in the last partition; the old releases ensured that.
  private func lastStoredBefore() throws(ClickHouseError) -> (batch: UInt64, day: String)? {
    guard let day = try lastDayBefore() else { return nil }
    let last = try client.select(
      "SELECT max(batch) FROM clicks_before WHERE ingest_day = toDate(\(day))")
    return last.first?.first.flatMap { UInt64($0) }.map { ($0, day) }
  }

  /// The last partition of the old clicks, a day; nil without old clicks.
  func lastDayBefore() throws(ClickHouseError) -> String? {
    let partition = try client.select(
      """
      SELECT max(partition) FROM system.parts
      WHERE active AND database = \(client.address.database) AND table = 'clicks_before'
      """)
    guard let day = partition.first?.first, !day.isEmpty else { return nil }
    return day
  }

  // MARK: - Marks

  /// Each count, its table, and the rows there that hold its last batch.
  private typealias Count = (target: CountTargets, table: SQL)

  private static let counts: [Count] = [
    (.totals, "link_totals WHERE scope = 0"), (.days, "link_days WHERE scope = 0"),
    (.referrers, "link_referrers WHERE scope = 0"), (.journals, "click_journals"),
  ]
  private static let countsBefore: [Count] = [
    (.totalsBefore, "clicks_by_link WHERE short_code = ''"),
    (.daysBefore, "clicks_by_day WHERE short_code = ''"),
    (.referrersBefore, "clicks_by_referrer WHERE short_code = ''"), (.journals, "click_journals"),
  ]

  private func lastBatches(
    _ counts: [Count]
  ) throws(ClickHouseError) -> [(target: CountTargets, last: UInt64)] {
    let questions = counts.map { count -> SQL in
      "SELECT \(count.target.rawValue) AS target, maxMerge(last_batch) AS last FROM \(count.table)"
    }
    let rows = try client.select(SQL(list: questions, separator: " UNION ALL "))
    return rows.compactMap { row in
      guard row.count == 2, let target = UInt32(row[0]), let last = UInt64(row[1]) else {
        return nil
      }
      return (CountTargets(rawValue: target), last)
    }
  }
}
