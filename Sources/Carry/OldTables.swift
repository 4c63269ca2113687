package import ClickHouse

/// The tables of clicks by short code: what exists of them, and their removal.
package struct OldTables {
  private let client: Client
  /// The time limit of a drop, in milliseconds.
  private static let timeout = 600_000
  /// The partition of the consumer's probes (`ClickSink.probe`): no clicks.
  static let experiments = "1970-01-02"

  package init(_ client: Client) {
    self.client = client
  }

  /// The number of clicks.
  package func rows() throws(ClickHouseError) -> Int { try days().reduce(0) { $0 + $1.rows } }

  /// The days that have clicks, rising, with the number of their rows.
  func days() throws(ClickHouseError) -> [OldDay] {
    let rows = try client.select(
      """
      SELECT partition, toUInt16(toDate(partition)) AS day, sum(rows) FROM system.parts
      WHERE active AND database = \(client.address.database) AND table = \(SeamState.clicks)
        AND partition != \(Self.experiments)
      GROUP BY partition ORDER BY day
      """)
    return rows.compactMap { row in
      guard row.count == 3, let number = UInt16(row[1]), let rows = Int(row[2]) else { return nil }
      return OldDay(number: number, name: row[0], rows: rows)
    }
  }

  /// Drops tables, and the carries' own tables; missing ones are skipped.
  ///
  /// The clicks are dropped day by day: a server refuses to drop a table above
  /// `max_table_size_to_drop`.
  func drop(_ tables: [String]) throws(ClickHouseError) {
    if tables.contains(SeamState.clicks) {
      for day in try days() {
        try client.execute(
          "ALTER TABLE \(identifier: SeamState.clicks) DROP PARTITION \(day.name)",
          timeout: Self.timeout)
      }
    }
    var own: [String] = []
    for prefix in [ClicksCarry.gates, LinkNames.table] + CountCopy.all.map(\.draftPrefix) {
      // A gate is dropped before its view.
      own += try client.tables(startingWith: prefix).sorted()
    }
    for table in own + tables {
      try client.execute("DROP TABLE IF EXISTS \(identifier: table)", timeout: Self.timeout)
    }
  }
}

/// The clicks that were stored on one day.
struct OldDay {
  /// In days since 1970.
  let number: UInt16
  /// As ClickHouse writes it.
  let name: String
  /// The number of rows, by the list of parts.
  let rows: Int
}
