import ClickHouse
import Clicks

/// The tables of clicks in ClickHouse as the consumer writes them, and what it reads back.
///
/// Every method is one request or a few; none tries again by itself.
final class ClickSink {
  let client: Client
  private let insertTimeout: Int
  /// Queries that write begin with this, so that those still running can be found.
  private let queryPrefix: String
  private var lastBatch: UInt64 = 0
  private(set) var lastDay: UInt16 = 0

  /// - Parameters:
  ///   - client: Asked by nobody else meanwhile.
  ///   - insertTimeout: Milliseconds.
  init(_ client: Client, insertTimeout: Int) {
    self.client = client
    self.insertTimeout = insertTimeout
    queryPrefix = "swiftlet-clicks-\(client.address.database)-"
  }

  /// A number for the next batch, and the partition it goes into: today's, or a later one if the
  /// clock has stepped back since.
  ///
  /// The last batch is always in the last partition, which `recover` relies on. After a clock that was
  /// years ahead all batches go into that partition until then: counts stay exact, but the partition
  /// grows, and with it the look-ups of a batch.
  func nextBatch(at milliseconds: Int64) -> (batch: UInt64, day: UInt16) {
    lastBatch += 1
    lastDay = max(lastDay, UInt16(clamping: milliseconds / 86_400_000))
    return (lastBatch, lastDay)
  }

  // MARK: - Writing

  func insertClicks(
    _ rows: ClickColumns, batch: UInt64, day: UInt16, watch: Client.Watch?
  ) throws(ClickHouseError) {
    try client.insert(
      """
      INSERT INTO click_events (short_code, timestamp, ip_address, user_agent, referrer, event_id, \
      retried, journal, journal_offset, batch, ingest_day) FORMAT Native
      """,
      rows.clicks(batch: batch, day: day), queryID: queryID(batch),
      settings: try settings(watch), timeout: insertTimeout, watch: watch)
  }

  func insertCounts(
    _ rows: ClickColumns, ends: [JournalID: Int], batch: UInt64, targets: CountTargets,
    watch: Client.Watch
  ) throws(ClickHouseError) {
    try client.insert(
      """
      INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets) FORMAT Native
      """,
      rows.counts(batch: batch, ends: ends, targets: targets), queryID: queryID(batch),
      settings: try settings(watch), timeout: insertTimeout, watch: watch)
  }

  /// Inserts a click that is surely good, to see whether the server takes clicks at all, and
  /// removes it.
  ///
  /// It belongs to no link and no batch, is not counted, and has a partition of its own.
  func probe(watch: Client.Watch?) throws(ClickHouseError) {
    var rows = ClickColumns()
    guard let place = JournalRange(journal: JournalID(rawValue: 0), from: 0, to: 1) else { return }
    rows.append(
      Click(eventID: EventID(high: 0, low: 0), shortCode: "", milliseconds: 86_400_000), at: place)
    try insertClicks(rows, batch: 0, day: 1, watch: watch)
    // A row that stays does no harm, and the next probe removes it.
    try? client.execute(
      "ALTER TABLE click_events DROP PARTITION '1970-01-02'", timeout: insertTimeout, watch: watch)
  }

  // MARK: - What is stored

  /// Whether a query of ours that writes is still running.
  func isWriting(watch: Client.Watch?) throws(ClickHouseError) -> Bool {
    let rows = try client.select(
      """
      SELECT count() FROM system.processes
      WHERE substring(query_id, 1, \(queryPrefix.utf8.count)) = \(queryPrefix)
      """, watch: watch)
    return rows.first?.first != "0"
  }

  /// How many rows of a batch the table of clicks has.
  func storedRows(
    batch: UInt64, day: UInt16, watch: Client.Watch?
  ) throws(ClickHouseError) -> Int {
    let rows = try client.select(
      "SELECT count() FROM click_events WHERE ingest_day = toDate(\(day)) AND batch = \(batch)",
      watch: watch)
    return Int(rows.first?.first ?? "") ?? 0
  }

  /// The counts that don't have a batch.
  func counts(lacking batch: UInt64, watch: Client.Watch?) throws(ClickHouseError) -> CountTargets {
    var missing: CountTargets = []
    for (target, last) in try lastBatches(watch: watch) where last < batch {
      missing.insert(target)
    }
    return missing
  }

  /// Finishes the last batch of a consumer that died.
  ///
  /// What the counts lack of it is taken from the table of clicks. To be called when no query of
  /// ours is running, before anything is written.
  func recover() throws(ClickHouseError) {
    let counts = try lastBatches(watch: nil)
    lastBatch = counts.map(\.last).max() ?? 0
    lastDay = 0
    let partition = try client.select(
      """
      SELECT max(partition) FROM system.parts
      WHERE active AND database = \(client.address.database) AND table = 'click_events'
      """)
    guard let day = partition.first?.first, !day.isEmpty else { return }
    let last = try client.select(
      "SELECT toUInt16(toDate(\(day))), max(batch) FROM click_events WHERE ingest_day = toDate(\(day))"
    )
    guard let row = last.first, row.count == 2, let number = UInt16(row[0]),
      let batch = UInt64(row[1])
    else { return }
    lastDay = number
    lastBatch = max(lastBatch, batch)
    let missing = CountTargets(counts.filter { $0.last < batch }.map(\.target))
    guard !missing.isEmpty, batch > 0 else { return }
    let batchRows: SQL = "FROM click_events WHERE ingest_day = toDate(\(day)) AND batch = \(batch)"
    try client.execute(
      """
      INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets)
      SELECT short_code, timestamp, ip_address, referrer, journal, journal_offset, batch, \
      toUInt8(\(missing.rawValue)) \(batchRows)
      UNION ALL
      SELECT '', toDateTime(0, 'UTC'), '', '', any(journal), toUInt64(0), toUInt64(\(batch)), \
      toUInt8(\(missing.rawValue)) \(batchRows)
      """,
      settings: try settings(nil), queryID: queryID(batch), timeout: insertTimeout)
  }

  private func lastBatches(
    watch: Client.Watch?
  ) throws(ClickHouseError) -> [(target: CountTargets, last: UInt64)] {
    let rows = try client.select(
      """
      SELECT 1 AS target, maxMerge(last_batch) AS last FROM clicks_by_link WHERE short_code = ''
      UNION ALL
      SELECT 2 AS target, maxMerge(last_batch) AS last FROM clicks_by_day WHERE short_code = ''
      UNION ALL
      SELECT 4 AS target, maxMerge(last_batch) AS last FROM clicks_by_referrer
      WHERE short_code = ''
      UNION ALL
      SELECT 8 AS target, maxMerge(last_batch) AS last FROM click_journals
      """, watch: watch)
    return rows.compactMap { row in
      guard row.count == 2, let target = UInt8(row[0]), let last = UInt64(row[1]) else {
        return nil
      }
      return (CountTargets(rawValue: target), last)
    }
  }

  private func settings(_ watch: Client.Watch?) throws(ClickHouseError) -> [String: String] {
    try client.serverVersion(watch: watch).insertSettings
  }

  private func queryID(_ batch: UInt64) -> String {
    "\(queryPrefix)\(batch)-\(UInt32.random(in: .min ... .max))"
  }
}
