package import ClickHouse

/// Lets one consumer at a time store clicks, over all hosts that share a database.
///
/// A consumer stores through a gate of its own and through no other table. To take over it makes a
/// gate with a greater number than any, drops all others, and waits for the inserts that still run:
/// from then on nothing can be stored but what it inserts itself. A consumer whose gate is gone has
/// been fenced off, whatever it is doing.
///
/// A gate goes before its views: while it is there and they are not, an insert would succeed and
/// store nothing. What a consumer that died has left of a gate goes with the next taker.
package final class ClickFence {
  /// Thrown when another consumer has taken over, or is about to.
  struct Fenced: Error {}

  /// Thrown while an insert through another gate, or the drop of one, is still being carried out.
  struct Busy: Error, CustomStringConvertible {
    let description = "an insert is still running"
  }

  private let client: Client
  /// Ids of queries that insert begin with this, whichever consumer sends them.
  private let queryPrefix: String
  /// The gate to store through; nil while standing by.
  private(set) var gate: ClickGate?
  /// A gate that is being made the only one; kept until that is done, however often it is tried.
  private var claimed: ClickGate?
  private var isInDoubt = false

  package init(_ client: Client) {
    self.client = client
    queryPrefix = "swiftlet-clicks-\(client.address.database)-"
  }

  /// An id for a query that inserts.
  func queryID(_ batch: UInt64) -> String {
    "\(queryPrefix)\(batch)-\(UInt32.random(in: .min ... .max))"
  }

  /// Forgets its gate, which stays until the next taker drops it.
  func standBy() {
    gate = nil
    claimed = nil
    isInDoubt = false
  }

  /// Notes that an insert may still be carried out, or may not.
  func doubt() { isInDoubt = true }

  /// Takes over, if that isn't done yet; may be called again after any error.
  ///
  /// - Throws: `Fenced`, `Busy`, or `ClickHouseError` when the server can't be asked.
  package func takeOver() throws {
    guard gate == nil || isInDoubt else { return }
    if claimed == nil { claimed = try claim() }
    if let claimed { try open(claimed) }
  }

  /// Makes sure that no insert but one that is still to come can be carried out.
  ///
  /// After a doubt it goes on to a new gate, if nobody has taken over meanwhile: the insert in doubt
  /// has come to its end then, or never will be carried out.
  ///
  /// - Returns: The gate to store through.
  /// - Throws: As `takeOver`; `Fenced` also when it stands by.
  @discardableResult
  package func settle() throws -> ClickGate {
    guard gate != nil else { throw Fenced() }
    try takeOver()
    guard let gate else { throw Fenced() }
    return gate
  }

  /// Makes a gate the only one; each statement may have been carried out before.
  private func open(_ own: ClickGate) throws {
    try client.execute(own.creation)
    let tables = try tables()
    guard !tables.contains(where: { $0.gate.number >= own.number && $0.gate != own }) else {
      standBy()
      try? client.execute("DROP TABLE IF EXISTS \(identifier: own.name)")
      throw Fenced()
    }
    // Those with greater numbers, made since, are not this one's to touch.
    let old = tables.filter { $0.gate.number < own.number }
    for table in old where !table.isView { try drop(table.name) }
    guard try !isWriting() else { throw Busy() }
    for table in old where table.isView { try drop(table.name) }
    for view in own.viewCreations { try client.execute(view) }
    standBy()
    gate = own
  }

  /// Whether an insert of any consumer of this database is running.
  ///
  /// The server lists a query before it looks for its table, so after a gate is dropped all that
  /// can still come through it are listed.
  func isWriting() throws(ClickHouseError) -> Bool {
    let rows = try client.select(
      """
      SELECT count() FROM system.processes
      WHERE substring(query_id, 1, \(queryPrefix.utf8.count)) = \(queryPrefix)
      """)
    return rows.first?.first != "0"
  }

  /// Chooses the next gate: after its own, which nobody may have taken over from, or else after all.
  private func claim() throws -> ClickGate {
    let greatest = try tables().map(\.gate.number).max() ?? 0
    if let gate, greatest > gate.number {
      standBy()
      throw Fenced()
    }
    return ClickGate(number: (gate?.number ?? greatest) + 1)
  }

  private struct Table {
    let name: String
    let gate: ClickGate
    let isView: Bool
  }

  /// The gates there are, and the views of gates.
  private func tables() throws(ClickHouseError) -> [Table] {
    let rows = try client.select(
      """
      SELECT name, engine FROM system.tables WHERE database = \(client.address.database)
      AND substring(name, 1, \(ClickGate.prefix.utf8.count)) = \(ClickGate.prefix)
      """)
    return rows.compactMap { row in
      guard row.count == 2, let gate = ClickGate(named: row[0]) else { return nil }
      return Table(name: row[0], gate: gate, isView: row[1] == "MaterializedView")
    }
  }

  /// Drops a table, which on some servers waits for the inserts into it.
  ///
  /// The query has an id of its own, so that tries don't pile up behind one that waits.
  private func drop(_ table: String) throws {
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
