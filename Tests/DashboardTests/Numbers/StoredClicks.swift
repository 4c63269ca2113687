import TestSupport

/// Clicks that are put into ClickHouse as its consumer stores them, many at once and of any time.
enum StoredClicks {
  /// Stores clicks of a link; `rows` is a SELECT of `second`, `bot`, `host` and `address`.
  ///
  /// - Parameters:
  ///   - link: Its id, or the number of a scope.
  ///   - code: What was visited.
  ///   - url: The `CLICKHOUSE_URL`; that of the stack when nil.
  ///   - rows: The clicks.
  /// - Throws: When ClickHouse refuses them.
  static func store(
    of link: String, code: String = "stored", at url: String? = nil, _ rows: String
  ) throws {
    func execute(_ statement: String) throws {
      let answer = try ClickHouseClient.query(statement, at: url)
      guard answer.isEmpty else { throw Refused(description: answer) }
    }
    try execute(
      """
      INSERT INTO visits (link, timestamp, code, weight, ip_address, user_agent, referrer,
        referrer_host, event_id, batch, ingest_day, bot)
      SELECT toUInt64(\(link)), toDateTime(second, 'UTC'), '\(code)', toUInt32(1), address,
        if(bot = 0, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 'Examplebot/1.0'),
        if(host = '', '', concat('https://', host, '/page')), host,
        toFixedString(reverse(toString(1000000000000000 + rowNumberInAllBlocks())), 16),
        toUInt64(1), toDate(20000), toUInt8(bot) FROM (\(rows))
      """)
    try execute(
      """
      INSERT INTO link_totals
      SELECT toUInt64(\(link)), sumState(toInt64(1)), sumState(toInt64(bot != 0)),
        uniqState(toString(address)), minState(toDateTime(second, 'UTC')),
        maxState(toDateTime(second, 'UTC')), maxState(toUInt64(1)) FROM (\(rows))
      """)
  }

  /// One click of a person at each of these seconds.
  static func store(of link: String, at seconds: [Int]) throws {
    try store(
      of: link,
      "SELECT arrayJoin(\(seconds)) AS second, 0 AS bot, '' AS host, '192.0.2.1' AS address")
  }

  struct Refused: Error, CustomStringConvertible {
    let description: String
  }
}
