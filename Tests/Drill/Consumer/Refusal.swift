import TestSupport

/// Clicks that ClickHouse refuses, as long as a drill wants.
enum Refusal {
  /// Lets ClickHouse refuse the clicks for which a condition holds.
  ///
  /// A view of the consumer's gate throws for them; its name is the first of all views.
  static func begin(_ condition: String) throws {
    var gate: String?
    // There is none before the first click has come to a consumer; and one that takes over across the
    // seam goes on to another one when that is done.
    _ = try eventually(seconds: 30) {
      let tables = try Tables.rows(OldGate.question).compactMap(\.first)
      let gates = tables.filter { !$0.contains("_to_") }
      gate = gates.first
      return try gates.count == 1 && !tables.contains { $0.hasSuffix("_to_seam") }
        && Tables.lastOldBatch() != nil
    }
    guard let gate else { throw DrillError("no consumer has taken over") }
    let answer = try ClickHouseClient.query(
      "CREATE MATERIALIZED VIEW a_refusal ENGINE = Null AS "
        + "SELECT throwIf(\(condition)) AS refuses FROM \(gate)")
    guard answer.isEmpty else { throw DrillError(answer) }
  }

  /// Ends every refusal.
  @Sendable static func end() throws {
    let answer = try ClickHouseClient.query("DROP TABLE IF EXISTS a_refusal")
    guard answer.isEmpty else { throw DrillError(answer) }
  }
}
