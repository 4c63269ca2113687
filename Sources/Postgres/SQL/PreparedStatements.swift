/// The statements that one session has prepared, and under which names.
///
/// Bounded: once `limit` names have been given, every other statement runs unprepared, also in one
/// round trip. None is deallocated to make room. A `DEALLOCATE` could fail in a failed transaction,
/// and 65 statements in turn would be prepared again each time. A new session begins anew.
struct PreparedStatements {
  static let limit = 64

  private var names: [[SQL.Piece]: String] = [:]
  /// How many names the server may know; those of removed statements among them.
  private var given = 0

  /// The name of a statement that is prepared.
  func name(of sql: SQL) -> String? { names[sql.pieces] }

  /// The name for one more statement; nil when all are given.
  var nextName: String? { given < Self.limit ? "s\(given + 1)" : nil }

  /// Keeps that the server has prepared a statement as `nextName`.
  mutating func add(_ sql: SQL, as name: String) {
    given += 1
    names[sql.pieces] = name
  }

  /// Forgets a statement that the server can't run any more.
  ///
  /// Its name is not given again.
  mutating func remove(_ sql: SQL) {
    names[sql.pieces] = nil
  }
}
