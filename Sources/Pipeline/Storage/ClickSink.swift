import ClickHouse
import Clicks

/// The consumer's tables in ClickHouse: what it writes and what it reads.
///
/// Every method makes one request or a few, without retries.
final class ClickSink {
  let client: Client
  /// The partition of `probe` is January 1970; a consumer's clicks go into later ones.
  private static let probeDay: UInt16 = 1
  private static let firstDay: UInt16 = 31

  let fence: ClickFence
  let insertTimeout: Int
  /// The number of the last batch, of any consumer.
  var lastBatch: UInt64 = 0
  /// Whether the old clicks didn't exist any more when last asked.
  var isBeforeDropped = false
  /// The latest known day of the server's clock.
  private var latestDay: UInt16 = 0

  /// - Parameters:
  ///   - client: Used by nothing else meanwhile.
  ///   - insertTimeout: Milliseconds.
  init(_ client: Client, insertTimeout: Int) {
    self.client = client
    self.insertTimeout = insertTimeout
    fence = ClickFence(client)
  }

  /// Chooses a number for the next batch, and its day.
  ///
  /// Clicks are partitioned by the month of that day, so a clock that is years ahead must not
  /// choose it. A new day is accepted only up to the server's clock. That clock is asked once a
  /// day, and for each batch while this machine's is ahead of it.
  ///
  /// - Parameter milliseconds: The time by this machine's clock.
  /// - Returns: Number and day, the day in days since 1970.
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

  /// Stops storing until it takes over again.
  func standBy() { fence.standBy() }

  /// Makes sure that an insert with an unknown outcome is over, so that the tables can be asked.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over.
  func settle() throws { try fence.settle() }

  /// Stores the clicks of a batch.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over; else `ClickHouseError`.
  ///   After that call `settle` before any question or insert.
  func insertClicks(_ rows: ClickColumns, batch: UInt64, day: UInt16) throws {
    try insert(rows.clicks(batch: batch, day: day), batch: batch)
  }

  /// Stores the counts of a batch; throws as `insertClicks` does.
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

  /// Inserts the result of a SELECT through the gate.
  ///
  /// - Parameters:
  ///   - columns: The gate's columns, separated by commas.
  ///   - rows: The SELECT.
  ///   - batch: The number for the query's id.
  /// - Throws: As `insertClicks`.
  func insert(_ columns: SQL, _ rows: SQL, batch: UInt64) throws {
    try fence.store { gate in
      try client.execute(
        "INSERT INTO \(identifier: gate.name) (\(columns)) \(rows)",
        settings: try settings(), queryID: fence.queryID(batch), timeout: insertTimeout)
    }
  }

  /// Inserts a valid click and removes it, to see whether the server takes clicks at all.
  ///
  /// It belongs to no link and no batch, and is not counted. Its partition is dropped, unless
  /// copied old clicks are in it: those of a clock that had not been set.
  func probe() throws {
    var rows = ClickColumns()
    guard let place = JournalRange(journal: JournalID(rawValue: 0), from: 0, to: 1) else { return }
    rows.append(
      Click(eventID: EventID(high: 0, low: 0), shortCode: "", milliseconds: 86_400_000), at: place)
    try insertClicks(rows, batch: 0, day: Self.probeDay)
    // A remaining row does no harm, and the next probe removes it.
    let clicks = try? client.select(
      "SELECT count() FROM visits WHERE ingest_day < toDate(\(Self.firstDay)) AND batch > 0")
    guard clicks?.first?.first == "0" else { return }
    try? client.execute("ALTER TABLE visits DROP PARTITION (197001, 0)", timeout: insertTimeout)
  }

  /// Queries the table of clicks.
  ///
  /// Merged parts have up to a month's clicks, so an answer may take as long as an insert.
  func askVisits(_ question: SQL) throws(ClickHouseError) -> Rows {
    try client.select(question, timeout: insertTimeout)
  }

  private func settings() throws(ClickHouseError) -> [String: String] {
    try client.serverVersion().insertSettings
  }
}
