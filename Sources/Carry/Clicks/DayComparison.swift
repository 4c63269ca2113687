import ClickHouse

/// Compares a day between the tables, batch by batch, by number and content of the clicks.
struct DayComparison {
  /// The limit of batches that are grouped at a time: some 30 MB of the server's memory.
  private static let batchLimit = 400_000

  let rows: DayRows
  /// The last old batch.
  let lastBatch: UInt64

  /// Searches for a batch that differs between the tables.
  ///
  /// - Parameter batches: The approximate number of the day's batches.
  /// - Returns: Such a batch; nil when there is none.
  /// - Throws: When the server can't be asked.
  func difference(batches: Int) throws(ClickHouseError) -> UInt64? {
    let pieces = 1 + batches / Self.batchLimit
    for piece in 0..<pieces {
      let isOfPiece: SQL = "batch % \(pieces) = \(piece)"
      let answer = try rows.client.select(
        """
        SELECT batch, sum(was) AS was_rows, sum(was_digest) AS was_sum, sum(found) AS found_rows, \
        sum(found_digest) AS found_sum
        FROM (
          SELECT batch, count() AS was, \(digest("short_code")) AS was_digest, \
          toUInt64(0) AS found, toUInt64(0) AS found_digest
          FROM \(rows.source) AND \(isOfPiece) GROUP BY batch
          UNION ALL
          SELECT batch, toUInt64(0) AS was, toUInt64(0) AS was_digest, \
          count() AS found, \(digest("code")) AS found_digest
          FROM visits WHERE ingest_day = toDate(\(rows.day.number)) AND batch <= \(lastBatch)
          AND \(isOfPiece) GROUP BY batch)
        GROUP BY batch
        HAVING was_rows != found_rows OR was_sum != found_sum ORDER BY batch LIMIT 1
        """, timeout: DayRows.timeout)
      if let batch = answer.first?.first { return UInt64(batch) ?? 0 }
    }
    return nil
  }

  /// A digest that distinguishes two sets with the same number of clicks.
  private func digest(_ code: SQL) -> SQL {
    "sum(cityHash64(event_id, journal, journal_offset, timestamp, \(code)))"
  }
}
