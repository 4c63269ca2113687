package import ClickHouse

/// Lets one writer at a time store clicks, over all hosts that share a database.
///
/// A writer stores through a gate of its own and through no other table. To take over it makes a
/// gate with a greater number than any of its kind, drops all others, and waits for the inserts that
/// still run: from then on nothing can be stored but what it inserts itself. A writer whose gate is
/// gone has been fenced off, whatever it is doing.
///
/// A gate goes before its views: while it is there and they are not, an insert would succeed and
/// store nothing. What a writer that died has left of a gate goes with the next taker.
///
/// Consumers are one kind of writer, the copy of old clicks is another: their gates have other names.
package final class ClickFence {
  /// Thrown when another writer has taken over, or is about to.
  package struct Fenced: Error {
    package init() {}
  }

  /// Thrown while an insert through another gate, or a change of tables, is still being carried out.
  package struct Busy: Error, CustomStringConvertible {
    package let description = "an insert or a change of tables is still running"
  }

  private let client: Client
  /// What names of gates of this kind begin with.
  private let prefix: String
  /// Ids of queries that insert begin with this, whichever writer of the kind sends them.
  private let queryPrefix: String
  /// Of the gates that are made from now on.
  private var views: [GateView]
  /// The gate to store through; nil while standing by.
  package private(set) var gate: ClickGate?
  /// A gate that is being made the only one; kept until that is done, however often it is tried.
  private var claimed: ClickGate?
  /// Gates that were given up; what there is of them goes with the next one that is opened.
  private var abandoned: [ClickGate] = []
  private var isInDoubt = false

  /// - Parameters:
  ///   - client: Of the clicks' database.
  ///   - prefix: What names of gates of this kind begin with; `ClickGate.prefix` is the consumers'.
  ///   - queryPrefix: What ids of queries that insert begin with, before the database's name.
  ///   - views: What a gate leads to.
  package init(
    _ client: Client, prefix: String = ClickGate.prefix, queryPrefix: String = "swiftlet-clicks",
    views: [GateView] = GateView.ofConsumer
  ) {
    self.client = client
    self.prefix = prefix
    self.queryPrefix = "\(queryPrefix)-\(client.address.database)-"
    self.views = views
  }

  /// An id for a query that inserts.
  package func queryID(_ batch: UInt64) -> String {
    "\(queryPrefix)\(batch)-\(UInt32.random(in: .min ... .max))"
  }

  /// Forgets its gate, which stays until the next taker drops it.
  package func standBy() {
    gate = nil
    claimed = nil
    isInDoubt = false
  }

  /// Notes that an insert may still be carried out, or may not.
  package func doubt() { isInDoubt = true }

  /// Chooses what the next gate leads to.
  ///
  /// If the present gate leads elsewhere, `settle` goes on to a new one.
  package func lead(to views: [GateView]) {
    guard views.map(\.table) != self.views.map(\.table) else { return }
    self.views = views
    if let claimed { abandon(claimed) }
    isInDoubt = gate != nil
  }

  /// Takes over, if that isn't done yet; may be called again after any error.
  ///
  /// - Throws: `Fenced`, `Busy`, or `ClickHouseError` when the server can't be asked.
  package func takeOver() throws {
    guard gate == nil || isInDoubt else { return }
    let own = try claimed ?? claim()
    claimed = own
    do {
      try open(own)
    } catch let error as ClickHouseError where error.cause == .refused(.cannotOpenFile) {
      // 18.16 leaves a file behind when its disk is full, and then makes no table of that name.
      abandon(own)
      throw error
    }
  }

  /// Gives up a gate that is not open; another one is chosen in its place.
  private func abandon(_ own: ClickGate) {
    abandoned = abandoned.suffix(1000) + [own]
    claimed = nil
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

  /// Inserts through the gate.
  ///
  /// - Parameter insert: One request, with an id of `queryID`.
  /// - Throws: `Fenced` when another writer has taken over; else `ClickHouseError`, after which
  ///   `settle` comes before any question or insert.
  package func store(_ insert: (ClickGate) throws -> Void) throws {
    let gate = try settle()
    do {
      try insert(gate)
    } catch let error as ClickHouseError {
      if error.leavesRunning || error.isOfMissingTable { doubt() }
      // The gate is gone, or a table that it leads to. Only `Fenced` may replace this error: after
      // any other the insert would be tried again, and it may be stored.
      if error.isOfMissingTable {
        do { try settle() } catch let other where !(other is Fenced) {}
      }
      throw error
    }
  }

  /// Makes a gate the only one; each statement may have been carried out before.
  private func open(_ own: ClickGate) throws {
    try client.execute(own.creation)
    let tables = try tables()
    guard
      !tables.contains(where: {
        $0.gate.number >= own.number && $0.gate != own && !abandoned.contains($0.gate)
      })
    else {
      standBy()
      try? client.execute("DROP TABLE IF EXISTS \(identifier: own.name)")
      throw Fenced()
    }
    // Those with greater numbers, made since, are not this one's to touch.
    let old = tables.filter { $0.gate.number < own.number || abandoned.contains($0.gate) }
    for table in old where !table.isView { try drop(table.name) }
    guard try !isWriting() else { throw Busy() }
    for table in old where table.isView { try drop(table.name) }
    for view in views { try client.execute(view.creation(of: own)) }
    standBy()
    abandoned = []
    gate = own
  }

  /// Whether an insert of any writer of this kind is running in this database.
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
    let others = try tables().map(\.gate).filter { !abandoned.contains($0) }
    let greatest = others.map(\.number).max() ?? 0
    if let gate, greatest > gate.number {
      standBy()
      throw Fenced()
    }
    return ClickGate(prefix: prefix, number: (gate?.number ?? greatest) + 1)
  }

  private struct Table {
    let name: String
    let gate: ClickGate
    let isView: Bool
  }

  /// The gates there are, and the views of gates.
  private func tables() throws -> [Table] {
    let rows: Rows
    do throws(ClickHouseError) {
      rows = try client.select(
        """
        SELECT name, engine FROM system.tables WHERE database = \(client.address.database)
        AND substring(name, 1, \(prefix.utf8.count)) = \(prefix)
        """)
    } catch {
      // 18.16 refuses the question while any table of the database is being dropped or renamed.
      guard error.isOfMissingTable else { throw error }
      throw Busy()
    }
    return rows.compactMap { row in
      guard row.count == 2, let gate = ClickGate(named: row[0], prefix: prefix) else { return nil }
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
