import Carry
import ClickHouse
import EngineSupport
import Foundation
import Links
import Metrics
import Pipeline
import Service
import TestSupport

/// A database of the release that kept clicks by short code, and PostgreSQL's links for it.
///
/// The clicks are the same each time: each is made of its number.
final class OldClicks {
  let bench: Workbench
  let postgres: ScratchPostgres
  /// In all days together, each of as many.
  let rows: Int
  let batchRows: Int

  /// The second is one of a clock that was far ahead; the days of other months come first and last.
  static let days = ["2025-10-31", "2025-11-01", "2025-11-02", "2100-01-01"]

  /// A link of a name that somebody chose, and one of a name that looks like another link's id.
  static let named: [String: Int64] = ["promo": 384_036_974_793_916_500, "SMtOIjlc3Z": 5_000_000]
  static let hot = "SMtOIjlc3M"

  /// - Parameters:
  ///   - bench: Migrated to 3.
  ///   - rows: About how many clicks.
  ///   - batchRows: Of each batch.
  ///   - isSeamKnown: Whether the last old batch is noted already.
  ///   - migrates: Whether today's tables are made, too.
  /// - Throws: When an engine isn't there.
  init(
    _ bench: Workbench, rows: Int, batchRows: Int = 1000, isSeamKnown: Bool = true,
    migrates: Bool = true
  ) throws {
    self.bench = bench
    self.batchRows = batchRows
    self.rows = max(1, rows / batchRows / Self.days.count) * batchRows * Self.days.count
    postgres = try ScratchPostgres()
    let own = SnowflakeID(base62: Self.hot.utf8)?.rawValue ?? 0
    try postgres.plant(Self.named.merging([Self.hot: own]) { $1 })
    try plantClicks()
    try plantCounts()
    if migrates { try bench.migrate(above: 3) }
    if isSeamKnown { try fixLastBatch() }
  }

  var lastBatch: Int { rows / batchRows }

  /// Notes the last old batch, as the first consumer does that takes over.
  func fixLastBatch() throws {
    try bench.client.execute("INSERT INTO seam SELECT 'last_batch', \(lastBatch), now()")
  }

  /// A carry in this process, on this database.
  func carry(
    keep: Bool = true, rangeRows: Int = 2000, rowLimit: Int = 900_000,
    _ others: [String: String] = [:]
  ) throws -> Carry {
    let settings = try bench.settings(["PG_DSN": postgres.dsn].merging(others) { _, new in new })
    return try Carry(
      CarrySettings(
        settings, rate: 0, keepsOldTables: keep, rangeRows: rangeRows, rowLimit: rowLimit),
      log: .quiet, meter: Meter())
  }

  /// `swiftlet clicks carry`, as a process with its log in a file.
  func start(
    _ arguments: [String], under tool: [String] = [], log name: String = "carry",
    _ others: [String: String] = [:]
  ) throws -> ChildProcess {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let command = tool + [program, "clicks", "carry"] + arguments
    return try ChildProcess(
      command[0], Array(command.dropFirst()),
      environment: environment.merging(others) { _, new in new }, output: logPath(name))
  }

  /// What an operator's command runs with.
  var environment: [String: String] {
    let address = bench.client.address
    let server = "\(address.user)@\(address.host):\(address.port)"
    return [
      "CLICKHOUSE_URL": "http://\(server)/\(address.database)", "PG_DSN": postgres.dsn,
      "STATE_DIR": bench.state.path, "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "info",
    ]
  }

  /// What the process with a log of this name has written.
  func log(_ name: String = "carry") -> String {
    (try? String(contentsOfFile: logPath(name), encoding: .utf8)) ?? ""
  }

  private func logPath(_ name: String) -> String { "\(bench.state.path).\(name).log" }

  deinit { for name in ["carry", "first", "second"] { unlink(logPath(name)) } }

  private func plantClicks() throws {
    for (index, day) in Self.days.enumerated() {
      let ofDay = rows / Self.days.count
      var planted = 0
      while planted < ofDay {
        let count = min(ofDay - planted, 500_000)
        try bench.client.execute(
          clicks(from: index * ofDay + planted, count, on: day), timeout: 120_000)
        planted += count
      }
    }
    // The consumer's experiment: no click.
    try bench.client.execute(
      """
      INSERT INTO clicks (short_code, timestamp, batch, ingest_day)
      SELECT '', toDateTime(86400, 'UTC'), 0, toDate('1970-01-02')
      """)
  }

  /// Clicks by their numbers: half of them of one link and of three seconds.
  private func clicks(from first: Int, _ count: Int, on day: String) -> SQL {
    """
    INSERT INTO clicks (short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, \
    journal, journal_offset, batch, ingest_day)
    SELECT multiIf(n % 10 < 5, \(Self.hot), n % 10 = 5, 'promo', n % 10 = 6, 'SMtOIjlc3Z',
      n % 10 = 7, concat('SMtO', toString(100000 + n % 997)),
      n % 10 = 8, concat('o''dd\\\\', unhex('00FF0A09'), toString(n % 7)),
      concat('gone', toString(n % 53))),
    toDateTime(1762000000 + if(n % 10 < 5, n % 3, n % 86400), 'UTC'),
    multiIf(n % 5 = 0, concat('::ffff:192.0.2.', toString(n % 250)), n % 5 = 1, '2001:db8::1',
      n % 5 = 2, '', concat('198.51.100.', toString(n % 250))),
    'Mozilla/5.0',
    multiIf(n % 4 = 0, '', n % 4 = 1, concat('https://WWW.Example', toString(n % 9), '.org/?', \
    toString(n)), n % 4 = 2, 'android-app://x', 'http://u:p@[2001:db8::1]:80/'),
    toFixedString(concat(reinterpretAsString(intHash64(n)), 'abcdefg'), 16),
    toUInt8(n % 7 = 0), toUInt64(7 + intDiv(n, 50000)), n * 100 + 100,
    toUInt64(1 + intDiv(n, \(batchRows))), toDate(\(day))
    FROM (SELECT toUInt64(number + \(first)) AS n FROM system.numbers LIMIT \(count))
    """
  }

  private func plantCounts() throws {
    let ofClicks: SQL = "FROM clicks WHERE batch > 0"
    let marks: SQL = "maxState(toUInt64(\(lastBatch)))"
    for statement: SQL in [
      """
      INSERT INTO clicks_by_link SELECT short_code, sumState(toUInt64(1)), uniqState(ip_address), \
      maxState(timestamp), maxState(batch) \(ofClicks) GROUP BY short_code
      """,
      """
      INSERT INTO clicks_by_link SELECT '', sumState(toUInt64(0)), uniqState(''), \
      maxState(toDateTime(0, 'UTC')), \(marks)
      """,
      """
      INSERT INTO clicks_by_day SELECT short_code, toDate(timestamp, 'UTC') AS day, \
      sumState(toUInt64(1)), maxState(batch) \(ofClicks) GROUP BY short_code, day
      """,
      "INSERT INTO clicks_by_day SELECT '', toDate(0), sumState(toUInt64(0)), \(marks)",
      """
      INSERT INTO clicks_by_referrer SELECT short_code, referrer, sumState(toUInt64(1)), \
      maxState(batch) \(ofClicks) AND referrer != '' GROUP BY short_code, referrer
      """,
      "INSERT INTO clicks_by_referrer SELECT '', '', sumState(toUInt64(0)), \(marks)",
      """
      INSERT INTO click_journals SELECT journal, maxState(journal_offset), maxState(batch) \
      \(ofClicks) GROUP BY journal
      """,
    ] { try bench.client.execute(statement, timeout: 120_000) }
  }
}
