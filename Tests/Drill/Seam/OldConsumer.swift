import Foundation
import TestSupport

/// A consumer of the release before that comes back on another host, by its own SQL statements.
struct OldConsumer {
  private let store: OldClickHouse

  /// Takes over: makes the next gate and drops all others, as every release does.
  init() throws {
    let others = try Tables.rows(OldGate.question).compactMap(\.first)
    store = OldClickHouse(
      at: try TestStack.value("CLICKHOUSE_URL"), gate: OldGate(above: others))
    try store.replace(others)
  }

  /// Tries to store a click that no client has made.
  ///
  /// - Returns: Whether it was let.
  func store(_ click: OldClick) -> Bool {
    do {
      try store.makeViews()
      try store.store([click])
      return true
    } catch {
      return false
    }
  }
}
