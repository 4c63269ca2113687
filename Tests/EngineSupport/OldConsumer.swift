package import ClickHouse
import TestSupport

/// A consumer of the release that kept clicks by short code, as ClickHouse sees it.
///
/// Its statements are written down here in its order, so that changes of today's code don't change
/// them.
///
/// It works on a `Workbench` migrated to 3.
package struct OldConsumer {
  private let client: Client
  /// Its gate, the table that it stores through.
  package let gate: String

  /// Takes over as that release does: makes a gate above all others, drops those, makes its views.
  ///
  /// - Throws: The server's refusal, after which its gate stays.
  package init(_ client: Client) throws {
    self.client = client
    let others = try client.select(SQL(unsafe: OldGate.question)).compactMap(\.first)
    let gate = OldGate(above: others)
    self.gate = gate.name
    for statement in [gate.creation] + OldGate.drops(of: others) + gate.viewCreations {
      try client.execute(SQL(unsafe: statement))
    }
  }

  /// Stores the clicks of a batch: ten a journal offset apart, of journal 1.
  ///
  /// - Parameters:
  ///   - batch: Its number.
  ///   - code: An expression over `number` for the short code.
  ///   - referrer: The same for the referrer.
  ///   - rows: How many.
  ///   - day: The partition.
  /// - Throws: The server's refusal.
  package func insertClicks(
    batch: Int, code: SQL = "'a'", referrer: SQL = "'https://r.example/'", rows: Int = 10,
    day: String = "2025-11-22"
  ) throws {
    try client.execute(
      """
      INSERT INTO \(identifier: gate) (short_code, timestamp, ip_address, user_agent, referrer, \
      event_id, retried, journal, journal_offset, batch, ingest_day, targets)
      SELECT \(code), toDateTime(\(Self.noon) + number, 'UTC'), \
      concat('192.0.2.', toString(number % 256)), 'Mozilla/5.0', \(referrer), \
      \(event(batch)), toUInt8(number % 7 = 0), toUInt64(1), \
      toUInt64(\(batch) * 1000000 + number + 1), toUInt64(\(batch)), toDate(\(day)), toUInt8(16) \
      FROM numbers(\(rows))
      """)
  }

  /// Stores the counts of a batch of `insertClicks`, and its marks.
  ///
  /// On 18.16 `numbers(0)` never ends, so no rows are asked of it as one that is left out.
  package func insertCounts(
    batch: Int, code: SQL = "'a'", referrer: SQL = "'https://r.example/'", rows: Int = 10,
    targets: Int = 15
  ) throws {
    try client.execute(
      """
      INSERT INTO \(identifier: gate) (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets)
      SELECT \(code), toDateTime(\(Self.noon) + number, 'UTC'), \
      concat('192.0.2.', toString(number % 256)), \(referrer), toUInt64(1), \
      toUInt64(\(batch) * 1000000 + number + 1), toUInt64(\(batch)), toUInt8(\(targets)) \
      FROM numbers(\(max(rows, 1))) WHERE number < \(rows) \
      UNION ALL SELECT '', toDateTime(0, 'UTC'), '', '', toUInt64(1), \
      toUInt64(\(batch) * 1000000 + \(rows)), toUInt64(\(batch)), toUInt8(\(targets))
      """,
      settings: [
        "max_insert_block_size": "1048576", "min_insert_block_size_rows": "1048576",
        "min_insert_block_size_bytes": "0", "max_threads": "1",
      ])
  }

  /// Stores a whole batch.
  package func store(
    batch: Int, code: SQL = "'a'", referrer: SQL = "'https://r.example/'", rows: Int = 10,
    day: String = "2025-11-22"
  ) throws {
    try insertClicks(batch: batch, code: code, referrer: referrer, rows: rows, day: day)
    try insertCounts(batch: batch, code: code, referrer: referrer, rows: rows)
  }

  /// What it would finish at a takeover: the question that it asks first.
  package func lastBatches() throws -> [Int] {
    try client.select(
      """
      SELECT 1 AS target, maxMerge(last_batch) AS last FROM clicks_by_link WHERE short_code = ''
      UNION ALL
      SELECT 2 AS target, maxMerge(last_batch) AS last FROM clicks_by_day WHERE short_code = ''
      UNION ALL
      SELECT 4 AS target, maxMerge(last_batch) AS last FROM clicks_by_referrer
      WHERE short_code = ''
      UNION ALL
      SELECT 8 AS target, maxMerge(last_batch) AS last FROM click_journals
      """
    ).sorted { Int($0[0]) ?? 0 < Int($1[0]) ?? 0 }.compactMap { Int($0[1]) }
  }

  /// 2025-11-22, about noon.
  private static let noon = 1_763_811_000

  /// An event of its own for each click.
  private func event(_ batch: Int) -> SQL {
    "toFixedString(concat('b', toString(\(batch)), 'n', toString(number)), 16)"
  }
}
