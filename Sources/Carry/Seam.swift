package import ClickHouse
import Pipeline

/// The change from the tables by short code to those by link, as recorded in ClickHouse.
///
/// The table `seam` is an append-only log. The consumer writes the last old batch, the carry writes
/// the rest.
package struct Seam {
  /// The meaning of a row; `number` has the detail.
  package enum Step: String, Sendable {
    /// The last old batch.
    case lastBatch = "last_batch"
    /// The number of clicks carried so far.
    case carried
    /// A day whose clicks are carried and compared, in days since 1970.
    case compared
    /// A batch that differs between the tables; 0 for another difference.
    case differs
    /// All clicks are carried and compared: their number.
    case complete
  }

  private let client: Client

  package init(_ client: Client) {
    self.client = client
  }

  /// Reads the progress, by two small queries.
  package func state() throws(ClickHouseError) -> SeamState {
    let names = (["seam", "clicks"] + SeamState.old).map { "\($0)" as SQL }
    let tables = try client.select(
      """
      SELECT name FROM system.tables WHERE database = \(client.address.database)
      AND (name IN (\(SQL(list: names))) OR \(Self.isOfGate("name")))
      """
    ).compactMap(\.first)
    var steps: [Step: SeamState.Note] = [:]
    if tables.contains("seam") {
      let rows = try client.select(
        """
        SELECT step, max(number), argMax(number, at), toUInt32(max(at)), toUInt32(now())
        FROM seam GROUP BY step
        """)
      for row in rows {
        guard row.count == 5, let step = Step(rawValue: row[0]), let greatest = UInt64(row[1]),
          let last = UInt64(row[2]), let second = Int(row[3]), let now = Int(row[4])
        else { continue }
        steps[step] = SeamState.Note(
          greatest: greatest, last: last, second: second, age: max(0, now - second))
      }
    }
    return SeamState(tables: Set(tables), steps: steps)
  }

  /// Whether a consumer of an earlier release made the present gate.
  package func hasOldGate() throws(ClickHouseError) -> Bool {
    let rows = try client.select(
      """
      SELECT count() FROM system.columns WHERE database = \(client.address.database)
      AND \(Self.isOfGate("table")) AND position(table, '_to_') = 0
      AND name = 'short_code'
      """)
    return rows.first?.first != "0"
  }

  /// Whether a table is a consumer's gate, or a view of one.
  private static func isOfGate(_ column: SQL) -> SQL {
    "substring(\(column), 1, \(ClickGate.prefix.utf8.count)) = \(ClickGate.prefix)"
  }

  /// The days that are carried and compared, in days since 1970.
  func comparedDays() throws(ClickHouseError) -> Set<UInt64> {
    let rows = try client.select(
      "SELECT DISTINCT number FROM seam WHERE step = \(Step.compared.rawValue)")
    return Set(rows.compactMap { $0.first.flatMap { UInt64($0) } })
  }

  /// Adds a row, later than all others even if the server's clock has gone back.
  func note(_ step: Step, _ number: UInt64) throws(ClickHouseError) {
    try client.execute(
      """
      INSERT INTO seam (step, number, at)
      SELECT \(step.rawValue), toUInt64(\(number)), greatest(toDateTime(now(), 'UTC'), max(at) + 1)
      FROM seam
      """)
  }
}
