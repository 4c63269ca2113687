package import ClickHouse

/// The gates that there are, of all writers of a kind.
extension ClickFence {
  /// Whether its gate has been the open one since the takeover.
  package func stands() throws -> Bool {
    guard let gate else { return false }
    let gates = try tables().filter { !$0.isView }.map(\.gate)
    return gates.contains(gate) && !gates.contains { $0.number > gate.number }
  }

  /// Drops its gate; a writer that didn't notice the takeover goes on.
  package func leave() throws(ClickHouseError) {
    guard let gate else { return }
    try client.execute("DROP TABLE IF EXISTS \(identifier: gate.name)")
    standBy()
  }

  struct Table {
    let name: String
    let gate: ClickGate
    let isView: Bool
  }

  /// The existing gates, and the views of gates.
  ///
  /// - Throws: `Busy` also while another writer holds the tables.
  func tables() throws -> [Table] {
    let rows: Rows
    do throws(ClickHouseError) {
      rows = try client.select(
        """
        SELECT name, engine, toUInt32(now()) FROM system.tables
        WHERE database = \(client.address.database)
        AND (substring(name, 1, \(prefix.utf8.count)) = \(prefix)
          OR substring(name, 1, \(ClickHold.prefix.utf8.count)) = \(ClickHold.prefix))
        """)
    } catch {
      // 18.16 refuses this question while any table of the database is being dropped or renamed.
      guard error.isOfMissingTable else { throw error }
      throw Busy()
    }
    if rows.contains(where: { ClickHold.isHeld($0, except: hold) }) {
      throw Busy(isHold: true)
    }
    return rows.compactMap { row in
      guard row.count == 3, let gate = ClickGate(named: row[0], prefix: prefix) else { return nil }
      return Table(name: row[0], gate: gate, isView: row[1] == "MaterializedView")
    }
  }

  /// Drops a table; on some servers this waits for its running inserts.
  ///
  /// The query has an id of its own, so that repeated attempts don't pile up behind a waiting one.
  func drop(_ table: String) throws {
    do throws(ClickHouseError) {
      try client.execute(
        "DROP TABLE IF EXISTS \(identifier: table)",
        queryID: "swiftlet-drop-\(client.address.database)-\(table)")
    } catch {
      guard error.cause == .refused(.queryIsRunning) else { throw error }
      throw Busy()
    }
  }
}
