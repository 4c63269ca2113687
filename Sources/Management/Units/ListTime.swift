import Postgres
import Service

/// The time that the statements of one list may take together.
///
/// PostgreSQL ends a statement that reaches it.
struct ListTime {
  private let connection: Connection
  private let milliseconds: Int
  private let end: Int64

  private static let operation = "limit the time of a list"

  /// It begins now.
  init(_ connection: Connection, milliseconds: Int) {
    self.connection = connection
    self.milliseconds = milliseconds
    end = SystemClock.bootMilliseconds() + Int64(milliseconds)
  }

  /// Gives the next statement what is left.
  ///
  /// - Throws: When nothing is left, as if a statement had been ended.
  func limitNext() throws(PostgresError) {
    let left = end - SystemClock.bootMilliseconds()
    guard left > 0 else {
      throw PostgresError(.queryCanceled, "the time of the list is over", during: Self.operation)
    }
    _ = try connection.execute(
      "SELECT set_config('statement_timeout', \("\(left)"), true)", Self.operation,
      timeoutMilliseconds: milliseconds + 1_000)
  }
}
