import Foundation
import TestSupport

/// A consumer of the release before that comes back on another host, by its own SQL statements.
struct OldConsumer {
  private let store: OldClickHouse

  /// Takes over: makes the next gate and drops all others, as every release does.
  init() throws {
    let gates = try Tables.rows(
      """
      SELECT name, engine FROM system.tables WHERE database = currentDatabase() \
      AND substring(name, 1, 12) = 'clicks_gate_'
      """)
    let numbers = gates.compactMap { Int($0[0].split(separator: "_").dropFirst(2).first ?? "") }
    store = OldClickHouse(
      at: try TestStack.value("CLICKHOUSE_URL"), gate: (numbers.max() ?? 0) + 1)
    try store.makeGate()
    for isView in [false, true] {
      for gate in gates where (gate[1] == "MaterializedView") == isView {
        // Another consumer may have dropped it.
        try store.run("DROP TABLE IF EXISTS \(gate[0])")
      }
    }
  }

  /// Tries to store a click that no client has made.
  ///
  /// - Returns: Whether it was let.
  func store(_ click: OldClick) -> Bool {
    do {
      for view in store.viewCreations { try store.run(view) }
      try store.store([click])
      return true
    } catch {
      return false
    }
  }
}
