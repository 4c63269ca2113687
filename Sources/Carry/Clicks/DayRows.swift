import ClickHouse

/// The rows of one day in the old table.
struct DayRows {
  /// The time limit of a query, in milliseconds.
  static let timeout = 300_000
  /// The limit of keys in one answer.
  static let keyLimit = 1 << 16

  let client: Client
  let day: OldDay

  /// The table with its condition.
  var source: SQL {
    "\(identifier: SeamState.clicks) WHERE ingest_day = toDate(\(day.number))"
  }

  func count(_ range: KeyRange) throws(ClickHouseError) -> Int {
    let rows = try client.select(
      "SELECT count() FROM \(source)\(range.condition)", timeout: Self.timeout)
    return Int(rows.first?.first ?? "") ?? 0
  }

  /// The keys of one in `modulus` rows, ascending; the choice depends only on the rows.
  ///
  /// - Returns: The keys inside the range, without its beginning, at most `keyLimit`.
  func keys(in range: KeyRange, modulus: Int) throws(ClickHouseError) -> [ClickKey] {
    let rows = try client.select(
      """
      SELECT \(ClickKey.selection) FROM \(source)\(range.condition)
      AND intHash64(bitXor(bitXor(journal, journal_offset), reinterpretAsUInt64(event_id))) \
      % \(modulus) = 0
      ORDER BY \(ClickKey.columns) LIMIT \(Self.keyLimit)
      """, timeout: Self.timeout)
    var keys: [ClickKey] = []
    for key in rows.compactMap(ClickKey.init(row:))
    where key != range.lower && key != keys.last { keys.append(key) }
    return keys
  }
}
