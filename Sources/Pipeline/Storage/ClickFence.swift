package import ClickHouse

/// Allows one writer at a time to store clicks, over all hosts that share a database.
///
/// A writer stores only through a gate of its own. To take over, it creates a gate with a greater
/// number than any of its kind. Then it drops all others, and waits for running inserts. From then
/// on only its own inserts can be stored. A writer whose gate is dropped is fenced off, whatever it
/// is doing.
///
/// A gate is dropped before its views: with a gate and no views, an insert would succeed and store
/// nothing. The remains of a dead writer's gate are dropped by the next one that takes over.
///
/// Consumers are one kind of writer, the copy of old clicks is another; their gates have different
/// names.
package final class ClickFence {
  /// Thrown when another writer has taken over, or is about to.
  package struct Fenced: Error {
    package init() {}
  }

  /// Thrown while an insert through another gate, or a change of tables, is still running, or while a
  /// backup or a restore holds the tables (`ClickHold`).
  package struct Busy: Error, CustomStringConvertible {
    package var isHold = false
    package var description: String {
      isHold
        ? "a backup or a restore is at work" : "an insert or a change of tables is still running"
    }
  }

  let client: Client
  /// The prefix of this kind's gate names.
  let prefix: String
  /// The prefix of the ids of inserting queries, for all writers of this kind.
  private let queryPrefix: String
  /// The views of future gates.
  private var views: [GateView]
  /// The gate to store through; nil while standing by.
  package private(set) var gate: ClickGate?
  /// The gate that is being opened; kept until that has succeeded, over all attempts.
  private var claimed: ClickGate?
  /// Gates that were given up; their remains are dropped when the next one is opened.
  private var abandoned: [ClickGate] = []
  private var isInDoubt = false
  /// The hold that this writer has itself: others wait for it.
  let hold: ClickHold?

  /// - Parameters:
  ///   - client: A client of the clicks' database.
  ///   - prefix: The prefix of gate names; `ClickGate.prefix` is that of consumers.
  ///   - queryPrefix: The prefix of the ids of inserting queries, before the database's name.
  ///   - views: The views of a gate.
  ///   - hold: The own hold on the tables.
  package init(
    _ client: Client, prefix: String = ClickGate.prefix, queryPrefix: String = "swiftlet-clicks",
    views: [GateView] = GateView.ofConsumer, hold: ClickHold? = nil
  ) {
    self.client = client
    self.prefix = prefix
    self.queryPrefix = "\(queryPrefix)-\(client.address.database)-"
    self.views = views
    self.hold = hold
  }

  /// An id for a query that inserts.
  package func queryID(_ batch: UInt64) -> String {
    "\(queryPrefix)\(batch)-\(UInt32.random(in: .min ... .max))"
  }

  /// Forgets its gate; the next writer that takes over drops it.
  package func standBy() {
    gate = nil
    claimed = nil
    isInDoubt = false
  }

  /// Notes that the outcome of an insert is unknown.
  package func doubt() { isInDoubt = true }

  /// Sets the views of the next gate.
  ///
  /// If the present gate has other views, `settle` opens a new one.
  package func lead(to views: [GateView]) {
    guard views.map(\.table) != self.views.map(\.table) else { return }
    self.views = views
    if let claimed { abandon(claimed) }
    isInDoubt = gate != nil
  }

  /// Takes over unless it has already; may be called again after any error.
  ///
  /// - Throws: `Fenced`, `Busy`, or `ClickHouseError` when the server can't be asked.
  package func takeOver() throws {
    guard gate == nil || isInDoubt else { return }
    let own = try claimed ?? claim()
    claimed = own
    do {
      try open(own)
    } catch let error as ClickHouseError where error.cause == .refused(.cannotOpenFile) {
      // 18.16 leaves a file behind when its disk is full, and then can't create a table of that
      // name.
      abandon(own)
      throw error
    }
  }

  /// Gives up a gate that could not be opened; the next attempt chooses another.
  private func abandon(_ own: ClickGate) {
    abandoned = abandoned.suffix(1000) + [own]
    claimed = nil
  }

  /// Makes sure that no earlier insert can still be executed.
  ///
  /// After an unknown outcome it opens a new gate, if no other writer has taken over. By then the
  /// insert in doubt has ended, or will never be executed.
  ///
  /// - Returns: The gate to store through.
  /// - Throws: As `takeOver`; `Fenced` also while standing by.
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
  /// - Throws: `Fenced` when another writer has taken over; else `ClickHouseError`. After that call
  ///   `settle` before any question or insert.
  package func store(_ insert: (ClickGate) throws -> Void) throws {
    let gate = try settle()
    do {
      try insert(gate)
    } catch let error as ClickHouseError {
      if error.leavesRunning || error.isOfMissingTable { doubt() }
      // The gate or one of its target tables is missing. Only `Fenced` may replace this error:
      // after any other the insert would be repeated, and it may be stored.
      if error.isOfMissingTable {
        do { try settle() } catch let other where !(other is Fenced) {}
      }
      throw error
    }
  }

  /// Opens a gate as the only one; each statement may have been executed before.
  private func open(_ own: ClickGate) throws {
    try client.execute(own.creation)
    // A hold that is made later finds this gate, and drops it.
    let tables: [Table]
    do { tables = try self.tables() } catch let error as Busy {
      try? client.execute("DROP TABLE IF EXISTS \(identifier: own.name)")
      abandon(own)
      throw error
    }
    guard
      !tables.contains(where: {
        $0.gate.number >= own.number && $0.gate != own && !abandoned.contains($0.gate)
      })
    else {
      standBy()
      try? client.execute("DROP TABLE IF EXISTS \(identifier: own.name)")
      throw Fenced()
    }
    // Later gates with greater numbers belong to other writers.
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
  /// The server lists a query before it resolves its table. So after a gate is dropped, every
  /// insert that can still get through it is listed.
  func isWriting() throws(ClickHouseError) -> Bool {
    let rows = try client.select(
      """
      SELECT count() FROM system.processes
      WHERE substring(query_id, 1, \(queryPrefix.utf8.count)) = \(queryPrefix)
      """)
    return rows.first?.first != "0"
  }

  /// Chooses the next gate: after its own if no other writer has taken over, else after all.
  private func claim() throws -> ClickGate {
    let tables: [Table]
    do { tables = try self.tables() } catch let error as Busy where error.isHold && gate != nil {
      standBy()
      throw Fenced()
    }
    let others = tables.map(\.gate).filter { !abandoned.contains($0) }
    let greatest = others.map(\.number).max() ?? 0
    if let gate, greatest > gate.number {
      standBy()
      throw Fenced()
    }
    return ClickGate(prefix: prefix, number: (gate?.number ?? greatest) + 1)
  }
}
