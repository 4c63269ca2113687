import ClickHouse
import Clicks

/// The tables of clicks in ClickHouse as the consumer writes them, and what it reads back.
///
/// Every method is one request or a few; none tries again by itself.
final class ClickSink {
  let client: Client
  /// The partition of `probe`, and the first one of clicks.
  private static let probeDay: UInt16 = 1
  private static let firstDay: UInt16 = 2

  private let insertTimeout: Int
  private let fence: ClickFence
  private var lastBatch: UInt64 = 0
  private(set) var lastDay: UInt16 = 0

  /// - Parameters:
  ///   - client: Asked by nobody else meanwhile.
  ///   - insertTimeout: Milliseconds.
  init(_ client: Client, insertTimeout: Int) {
    self.client = client
    self.insertTimeout = insertTimeout
    fence = ClickFence(client)
  }

  /// Chooses a number for the next batch, and the partition it goes into: today's, or the last batch's
  /// if that is a later one.
  ///
  /// `takeOver` relies on the last batch being in the last partition. A partition of a far day would
  /// take all batches until that day, so a new day is believed only as far as the server's clock
  /// goes. That clock is asked once a day, and for each batch while the two clocks differ.
  ///
  /// - Parameter milliseconds: The time by the clock of this machine.
  /// - Returns: Both; the partition in days since 1970.
  /// - Throws: When the server's clock can't be asked.
  func nextBatch(at milliseconds: Int64) throws(ClickHouseError) -> (batch: UInt64, day: UInt16) {
    var day = UInt16(clamping: milliseconds / 86_400_000)
    if day > lastDay { day = min(day, try today()) }
    lastDay = max(lastDay, day, Self.firstDay)
    lastBatch += 1
    return (lastBatch, lastDay)
  }

  /// Whether the last batch is in a partition of a day after tomorrow, by the server's clock: until
  /// that day all batches go into it.
  func isAhead() throws(ClickHouseError) -> Bool {
    Int(lastDay) > Int(try today()) + 1
  }

  /// The day by the server's clock, in days since 1970.
  private func today() throws(ClickHouseError) -> UInt16 {
    let rows = try client.select("SELECT toUInt16(toDate(now(), 'UTC'))")
    return rows.first?.first.flatMap { UInt16($0) } ?? 0
  }

  // MARK: - Writing

  /// Stores nothing any more until it takes over.
  func standBy() { fence.standBy() }

  /// Makes sure that an insert whose outcome is unknown is over, so that the tables can be asked.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over.
  func settle() throws { try fence.settle() }

  /// Stores the clicks of a batch.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over; else `ClickHouseError`,
  ///   after which `settle` comes before any question or insert.
  func insertClicks(_ rows: ClickColumns, batch: UInt64, day: UInt16) throws {
    try storing { gate in
      try client.insert(
        into: gate.name, rows.clicks(batch: batch, day: day),
        queryID: fence.queryID(batch), settings: try settings(), timeout: insertTimeout)
    }
  }

  /// Stores the counts of a batch; it throws as `insertClicks` does.
  func insertCounts(
    _ rows: ClickColumns, ends: [JournalID: Int], batch: UInt64, targets: CountTargets
  ) throws {
    try storing { gate in
      try client.insert(
        into: gate.name, rows.counts(batch: batch, ends: ends, targets: targets),
        queryID: fence.queryID(batch), settings: try settings(), timeout: insertTimeout)
    }
  }

  /// Inserts through the gate.
  private func storing(_ insert: (ClickGate) throws -> Void) throws {
    let gate = try fence.settle()
    do {
      try insert(gate)
    } catch let error as ClickHouseError {
      if error.leavesRunning || error.isOfMissingTable { fence.doubt() }
      // The gate is gone, or a table that it leads to. Only `Fenced` may replace this error: after
      // any other the insert would be tried again, and it may be stored.
      if error.isOfMissingTable {
        do { try fence.settle() } catch let other where !(other is ClickFence.Fenced) {}
      }
      throw error
    }
  }

  /// Inserts a click that is surely good, to see whether the server takes clicks at all, and
  /// removes it.
  ///
  /// It belongs to no link and no batch, is not counted, and has a partition of its own.
  func probe() throws {
    var rows = ClickColumns()
    guard let place = JournalRange(journal: JournalID(rawValue: 0), from: 0, to: 1) else { return }
    rows.append(
      Click(eventID: EventID(high: 0, low: 0), shortCode: "", milliseconds: 86_400_000), at: place)
    try insertClicks(rows, batch: 0, day: Self.probeDay)
    // A row that stays does no harm, and the next probe removes it.
    try? client.execute(
      "ALTER TABLE clicks DROP PARTITION '1970-01-02'", timeout: insertTimeout)
  }

  // MARK: - What is stored

  /// How many rows of a batch the table of clicks has.
  func storedRows(batch: UInt64, day: UInt16) throws(ClickHouseError) -> Int {
    let rows = try client.select(
      "SELECT count() FROM clicks WHERE ingest_day = toDate(\(day)) AND batch = \(batch)")
    return Int(rows.first?.first ?? "") ?? 0
  }

  /// The counts that don't have a batch.
  func counts(lacking batch: UInt64) throws(ClickHouseError) -> CountTargets {
    var missing: CountTargets = []
    for (target, last) in try lastBatches() where last < batch {
      missing.insert(target)
    }
    return missing
  }

  /// Becomes the one consumer that stores, and finishes the last batch of the one before.
  ///
  /// What the counts lack of it is taken from the table of clicks. To be called once the broker has
  /// delivered something, again after any error, and before anything is asked or stored.
  ///
  /// - Returns: Whether the counts lacked something.
  /// - Throws: `ClickFence.Fenced` when another consumer takes over at the same time.
  @discardableResult
  func takeOver() throws -> Bool {
    try fence.takeOver()
    let counts = try lastBatches()
    lastBatch = counts.map(\.last).max() ?? 0
    lastDay = 0
    guard let (batch, day) = try lastStored() else { return false }
    lastDay = day
    lastBatch = max(lastBatch, batch)
    let missing = CountTargets(counts.filter { $0.last < batch }.map(\.target))
    guard !missing.isEmpty, batch > 0 else { return false }
    let batchRows: SQL = "FROM clicks WHERE ingest_day = toDate(\(day)) AND batch = \(batch)"
    try storing { gate in
      try client.execute(
        """
        INSERT INTO \(identifier: gate.name) (short_code, timestamp, ip_address, referrer, \
        journal, journal_offset, batch, targets)
        SELECT short_code, timestamp, ip_address, referrer, journal, journal_offset, batch, \
        toUInt8(\(missing.rawValue)) \(batchRows)
        UNION ALL
        SELECT '', toDateTime(0, 'UTC'), '', '', any(journal), toUInt64(0), toUInt64(\(batch)), \
        toUInt8(\(missing.rawValue)) \(batchRows)
        """,
        settings: try settings(), queryID: fence.queryID(batch), timeout: insertTimeout)
    }
    return true
  }

  /// The last batch in the table of clicks, and its partition; nil while there is none.
  private func lastStored() throws(ClickHouseError) -> (batch: UInt64, day: UInt16)? {
    let partition = try client.select(
      """
      SELECT max(partition) FROM system.parts
      WHERE active AND database = \(client.address.database) AND table = 'clicks'
      """)
    guard let day = partition.first?.first, !day.isEmpty else { return nil }
    let last = try client.select(
      "SELECT toUInt16(toDate(\(day))), max(batch) FROM clicks WHERE ingest_day = toDate(\(day))")
    guard let row = last.first, row.count == 2, let number = UInt16(row[0]),
      let batch = UInt64(row[1])
    else { return nil }
    return (batch, number)
  }

  private func lastBatches() throws(ClickHouseError) -> [(target: CountTargets, last: UInt64)] {
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
      """)
    return rows.compactMap { row in
      guard row.count == 2, let target = UInt8(row[0]), let last = UInt64(row[1]) else {
        return nil
      }
      return (CountTargets(rawValue: target), last)
    }
  }

  private func settings() throws(ClickHouseError) -> [String: String] {
    try client.serverVersion().insertSettings
  }
}
