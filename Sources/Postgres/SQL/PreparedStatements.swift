/// The prepared statements of one session, with their names.
///
/// It is bounded: once `limit` names are used, every other statement runs unprepared, also in one
/// round trip. None is deallocated to make room. A `DEALLOCATE` could fail in a failed transaction,
/// and 65 statements in turn would be prepared each time. A new session begins anew.
struct PreparedStatements {
  static let limit = 64

  private var names: [[SQL.Piece]: String] = [:]
  /// The number of names used, including those of removed statements.
  private var given = 0

  /// The name of a prepared statement.
  func name(of sql: SQL) -> String? { names[sql.pieces] }

  /// The name for one more statement; nil when the limit is reached.
  var nextName: String? { given < Self.limit ? "s\(given + 1)" : nil }

  /// Notes that the server has prepared a statement as `nextName`.
  mutating func add(_ sql: SQL, as name: String) {
    given += 1
    names[sql.pieces] = name
  }

  /// Forgets a statement that the server can't run any more.
  ///
  /// Its name is not used again.
  mutating func remove(_ sql: SQL) {
    names[sql.pieces] = nil
  }
}
