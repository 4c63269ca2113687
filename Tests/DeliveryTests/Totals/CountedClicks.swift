import ClickHouse
import EngineSupport
import Links
import TestSupport

/// A ClickHouse in which a test counts clicks as the consumer does, batch by batch.
final class CountedClicks {
  private let scratch: ScratchClickHouse
  private var batch = 0

  var url: String { scratch.url }
  private var client: Client { scratch.client }

  init() throws {
    scratch = try ScratchClickHouse()
    try scratch.migrate()
  }

  /// The id of a link that a test knows by a small number.
  static func link(_ number: Int) -> Int64 { Int64(Scope.firstLink.rawValue) << 20 + Int64(number) }

  /// Stores a batch: of each link a click by a person, and another one by a bot where that is said.
  func store(_ numbers: Range<Int>, withBots: Bool = false) throws {
    batch += 1
    let first = Self.link(numbers.lowerBound)
    let bots: ClickHouse.SQL = withBots ? "[0, 1]" : "[0]"
    let rows: ClickHouse.SQL = """
      SELECT toUInt64(\(first) + number) AS link, toUInt8(is_bot) AS bot
      FROM numbers(\(numbers.count)) ARRAY JOIN \(bots) AS is_bot
      """
    try client.execute(
      """
      INSERT INTO visits (link, weight, bot, batch, ingest_day)
      SELECT link, toUInt32(1), bot, toUInt64(\(batch)), toDate(20000) FROM (\(rows))
      """)
    try count("SELECT link, toInt64(1) AS weight, bot FROM (\(rows))", batch)
    try count("SELECT toUInt64(0) AS link, toInt64(0) AS weight, toUInt8(0) AS bot", batch)
  }

  /// Puts old counts of one link into place, as `swiftlet clicks carry` does.
  func carry(_ clicks: Int, of number: Int) throws {
    try client.execute(
      """
      CREATE TABLE copied ENGINE = AggregatingMergeTree ORDER BY scope AS
      SELECT toUInt64(\(Self.link(number))) AS scope, sumState(toUInt64(1)) AS clicks
      FROM numbers(\(clicks)) GROUP BY scope
      """)
    try client.execute("RENAME TABLE copied TO link_totals_before")
  }

  /// Deletes the visits of a link, as the consumer does; now, or at a time in seconds since 1970.
  func delete(_ number: Int, at second: Int? = nil) throws {
    let link = Self.link(number)
    for (table, column) in [("visits", "link"), ("link_totals", "scope")] {
      try client.execute(
        """
        ALTER TABLE \(identifier: table)
        DELETE WHERE \(identifier: column) = \(link) AND 'deletion-1' != ''
        """)
    }
    let moment: ClickHouse.SQL = second.map { "\($0)" } ?? "toUInt32(now())"
    try client.execute(
      "INSERT INTO visit_deletions VALUES (1, \(link), 'done', \(batch), \(moment))")
  }

  private func count(_ rows: ClickHouse.SQL, _ batch: Int) throws {
    try client.execute(
      """
      INSERT INTO link_totals
      SELECT link AS scope, sumState(weight), sumState(if(bot != 0, weight, toInt64(0))),
        uniqState(''), minState(toDateTime(1, 'UTC')), maxState(toDateTime(1, 'UTC')),
        maxState(toUInt64(\(batch)))
      FROM (\(rows)) GROUP BY scope
      """)
  }
}
