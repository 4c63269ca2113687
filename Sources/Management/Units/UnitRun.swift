import Links
import Postgres

/// The attempts to commit one unit, and what is known about them.
///
/// A unit that changes something enters its id into `units` before the commit. If the answer to the
/// commit is lost, the same id is entered again on a new connection. While the server is about to
/// commit, that waits. An existing id proves that the unit was committed. A unit whose id is
/// missing was rolled back. It can't be committed any more, since the id is taken now.
struct UnitRun<Result> {
  struct Done {
    let result: Result
    /// The names of the links that were changed.
    let changed: [LinkKey]
    /// Whether anything was changed; a run without changes may be repeated.
    let hasChanged: Bool
  }

  private let operation: String
  private let timeout: Int
  /// The changes and the id of the commit whose answer was lost.
  private var doubtful: (id: String, done: Done)?

  init(_ operation: String, timeoutMilliseconds: Int) {
    self.operation = operation
    timeout = timeoutMilliseconds
  }

  /// Whether the unit was refused since its tenant was deleted meanwhile: no other row that a unit refers to
  /// can be deleted before it ends.
  private(set) var isOfNoTenant = false

  /// Whether it is unknown if the unit was committed.
  var isInDoubt: Bool { doubtful != nil }

  /// Runs the unit's body and commits it, under a new id.
  mutating func commit(
    on connection: Connection,
    _ body: () throws(PostgresError) -> Done
  ) throws(PostgresError) -> Done {
    let id = Self.newID()
    var prepared: Done?
    do throws(PostgresError) {
      return try connection.transaction(operation, timeoutMilliseconds: timeout) {
        () throws(PostgresError) in
        let done = try body()
        if done.hasChanged { _ = try enter(id, connection) }
        prepared = done
        return done
      }
    } catch {
      isOfNoTenant = error.state == .foreignKeyViolation
      if error.state == .transactionResolutionUnknown, let prepared, prepared.hasChanged {
        doubtful = (id, prepared)
      }
      throw error
    }
  }

  /// Finds out the outcome of the attempt whose connection was lost.
  ///
  /// - Returns: Its changes; nil when it has no effect and never will have.
  /// - Throws: When the outcome stays unknown.
  mutating func settle(on connection: Connection) throws(PostgresError) -> Done? {
    guard let (id, done) = doubtful else { return nil }
    let isNew = try enter(id, connection)
    doubtful = nil
    return isNew ? nil : done
  }

  /// - Returns: Whether the id was new.
  private func enter(_ id: String, _ connection: Connection) throws(PostgresError) -> Bool {
    try connection.execute(
      "INSERT INTO units (id) VALUES (\(id)::uuid) ON CONFLICT DO NOTHING", operation,
      timeoutMilliseconds: timeout
    ).affected == 1
  }

  /// 128 random bits.
  private static func newID() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0...(.max)), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
