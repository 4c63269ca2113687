import ClickHouse
import Logging
import Metrics
import Pipeline
import Service

/// Carries the clicks of one day into the table by link, in ordered ranges of the old table.
///
/// A range is one block and so one part: it is stored as a whole or not at all. Ranges are carried
/// in order, so the number of carried clicks tells which ones they are.
struct DayCarry {
  /// The time limit of an insert, in milliseconds.
  private static let insertTimeout = 120_000

  let rows: DayRows
  /// The last old batch.
  let lastBatch: UInt64
  let fence: ClickFence

  /// The number of carried clicks of the day.
  ///
  /// Call it only after `fence.takeOver`: a running insert is not counted.
  func carried() throws(ClickHouseError) -> Int {
    let answer = try rows.client.select(
      """
      SELECT count() FROM visits
      WHERE ingest_day = toDate(\(rows.day.number)) AND batch <= \(lastBatch)
      """, timeout: DayRows.timeout)
    return Int(answer.first?.first ?? "") ?? 0
  }

  /// The day's clicks in the old table, and the approximate number of their batches.
  ///
  /// - Throws: `CarryError` for a batch after the last old one: the consumer would treat it as its
  ///   own.
  func total() throws -> (clicks: Int, batches: Int) {
    let answer = try rows.client.select(
      "SELECT count(), uniq(batch), max(batch) FROM \(rows.source)", timeout: DayRows.timeout)
    let numbers = (answer.first ?? []).map { UInt64($0) ?? 0 }
    guard numbers.count == 3 else { return (0, 0) }
    guard numbers[2] <= lastBatch else {
      throw CarryError.isAfterTheLast(day: rows.day.name, batch: numbers[2])
    }
    return (Int(numbers[0]), Int(numbers[1]))
  }

  /// Carries one range.
  ///
  /// - Throws: `ClickFence.Fenced` when another carry has taken over; else `ClickHouseError`. After
  ///   that count the day again.
  func carry(_ range: KeyRange) throws {
    let settings = try rows.client.serverVersion().insertSettings
    try fence.store { gate in
      try rows.client.execute(
        insert(range, into: gate.name), settings: settings,
        queryID: fence.queryID(UInt64(rows.day.number)), timeout: Self.insertTimeout)
    }
  }

  /// Without the range of codes the server would read all names.
  private func names(of range: KeyRange) -> SQL {
    """
    \(range.codeCondition) AND short_code IN (\
    SELECT short_code FROM \(rows.source)\(range.condition))
    """
  }

  private func insert(_ range: KeyRange, into gate: String) -> SQL {
    """
    INSERT INTO \(identifier: gate) (link, timestamp, code, weight, ip_address, user_agent, \
    referrer, referrer_host, event_id, retried, journal, journal_offset, batch, ingest_day, targets)
    SELECT \(LinkNames.scope), timestamp, short_code, toUInt32(1), \
    \(ClickSQL.address(of: "ip_address")), user_agent, referrer, \
    \(ClickSQL.referrerHost(of: "referrer")), event_id, retried, journal, journal_offset, batch, \
    ingest_day, toUInt32(\(GateView.visits.bit))
    FROM (SELECT short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, \
    journal, journal_offset, batch, ingest_day FROM \(rows.source)\(range.condition)) AS clicks
    \(LinkNames.join(names(of: range)))
    """
  }
}
