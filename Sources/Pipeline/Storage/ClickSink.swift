import ClickHouse
import Clicks

/// The tables of clicks in ClickHouse as the consumer writes them, and what it reads back.
///
/// Every method is one request or a few; none tries again by itself.
final class ClickSink {
  let client: Client
  /// The partition of `probe` is that of January 1970; a consumer's clicks go into later ones.
  private static let probeDay: UInt16 = 1
  private static let firstDay: UInt16 = 31

  let fence: ClickFence
  let insertTimeout: Int
  /// The number of the last batch there is, of whichever consumer.
  var lastBatch: UInt64 = 0
  /// Whether the old clicks were gone when they were last asked.
  var isBeforeDropped = false
  /// The latest day that the server's clock has told.
  private var latestDay: UInt16 = 0

  /// - Parameters:
  ///   - client: Asked by nobody else meanwhile.
  ///   - insertTimeout: Milliseconds.
  init(_ client: Client, insertTimeout: Int) {
    self.client = client
    self.insertTimeout = insertTimeout
    fence = ClickFence(client)
  }

  /// Chooses a number for the next batch, and the day that it is stored under.
  ///
  /// Clicks are kept by the month of that day, so a clock that is years ahead must not choose it: a new
  /// day is believed only as far as the server's clock goes. That clock is asked once a day, and for
  /// each batch while this machine's is ahead of it.
  ///
  /// - Parameter milliseconds: The time by the clock of this machine.
  /// - Returns: Both; the day in days since 1970.
  /// - Throws: When the server's clock can't be asked.
  func nextBatch(at milliseconds: Int64) throws(ClickHouseError) -> (batch: UInt64, day: UInt16) {
    let day = UInt16(clamping: milliseconds / 86_400_000)
    if day > latestDay { latestDay = max(latestDay, try today()) }
    lastBatch += 1
    return (lastBatch, max(min(day, latestDay), Self.firstDay))
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
    try insert(rows.clicks(batch: batch, day: day), batch: batch)
  }

  /// Stores the counts of a batch; it throws as `insertClicks` does.
  func insertCounts(
    _ rows: ClickColumns, ends: [JournalID: Int], batch: UInt64, targets: CountTargets
  ) throws {
    try insert(rows.counts(batch: batch, ends: ends, targets: targets), batch: batch)
  }

  private func insert(_ block: NativeBlock, batch: UInt64) throws {
    try fence.store { gate in
      try client.insert(
        into: gate.name, block, queryID: fence.queryID(batch), settings: try settings(),
        timeout: insertTimeout)
    }
  }

  /// Stores through the gate what a SELECT gives.
  ///
  /// - Parameters:
  ///   - columns: The gate's, with commas between.
  ///   - rows: The SELECT.
  ///   - batch: For the query's id.
  /// - Throws: As `insertClicks`.
  func insert(_ columns: SQL, _ rows: SQL, batch: UInt64) throws {
    try fence.store { gate in
      try client.execute(
        "INSERT INTO \(identifier: gate.name) (\(columns)) \(rows)",
        settings: try settings(), queryID: fence.queryID(batch), timeout: insertTimeout)
    }
  }

  /// Inserts a click that is surely good, to see whether the server takes clicks at all, and
  /// removes it.
  ///
  /// It belongs to no link and no batch, and is not counted. Its partition is dropped, unless old clicks
  /// have been copied into it: those of a clock that stood at its beginning.
  func probe() throws {
    var rows = ClickColumns()
    guard let place = JournalRange(journal: JournalID(rawValue: 0), from: 0, to: 1) else { return }
    rows.append(
      Click(eventID: EventID(high: 0, low: 0), shortCode: "", milliseconds: 86_400_000), at: place)
    try insertClicks(rows, batch: 0, day: Self.probeDay)
    // A row that stays does no harm, and the next probe removes it.
    let clicks = try? client.select(
      "SELECT count() FROM visits WHERE ingest_day < toDate(\(Self.firstDay)) AND batch > 0")
    guard clicks?.first?.first == "0" else { return }
    try? client.execute("ALTER TABLE visits DROP PARTITION (197001, 0)", timeout: insertTimeout)
  }

  /// Asks the table of clicks.
  ///
  /// Merged parts have up to a month's clicks, so an answer may take as long as an insert may.
  func askVisits(_ question: SQL) throws(ClickHouseError) -> Rows {
    try client.select(question, timeout: insertTimeout)
  }

  private func settings() throws(ClickHouseError) -> [String: String] {
    try client.serverVersion().insertSettings
  }
}
