package import ClickHouse

/// A partition of the table of clicks that is of a day after tomorrow, by the server's clock.
///
/// Earlier releases made one when a clock was ahead. Counts are exact all the same, but until that day
/// all batches go into the last of such partitions.
package struct PartitionAhead {
  /// The days of all there are, as ClickHouse writes them, the first one first.
  package let days: [String]
  /// The day after the last of all other partitions: the clicks of the first partition ahead can be
  /// moved there.
  package let freeDay: String

  /// Looks for them.
  ///
  /// - Parameters:
  ///   - client: Of the server, whatever its database.
  ///   - database: The database of the clicks.
  /// - Returns: Nil when there is none.
  /// - Throws: When the server can't be asked.
  package static func find(
    _ client: Client, database: String
  ) throws(ClickHouseError) -> PartitionAhead? {
    let rows = try client.select(
      """
      SELECT partition, toString(toDate(partition) + 1), toString(today), toString(today + 1)
      FROM (
        SELECT DISTINCT partition, toDate(now(), 'UTC') AS today FROM system.parts
        WHERE active AND database = \(database) AND table = 'clicks')
      ORDER BY partition
      """)
    guard let clock = rows.first, let today = clock.dropFirst(2).first, let tomorrow = clock.last
    else { return nil }
    let days = rows.compactMap(\.first)
    let ahead = days.filter { $0 > tomorrow }
    guard !ahead.isEmpty else { return nil }
    let others = rows.prefix(days.count - ahead.count)
    return PartitionAhead(days: ahead, freeDay: others.last.map { $0[1] } ?? today)
  }
}
