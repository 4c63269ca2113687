import CPostgres
import Glibc

/// One command to the server and its complete answer, within a deadline.
///
/// libpq's blocking calls have no time-out. So this sends, polls and consumes.
struct Conversation {
  let raw: OpaquePointer
  let operation: String
  let deadline: Deadline

  /// Sends by `send`, then collects results until the server is ready for the next command.
  ///
  /// The C functions: `PQflush`, `PQconsumeInput`, `PQgetResult`.
  ///
  /// - Returns: The last result.
  /// - Throws: The first failure. `endsSession` says whether the session can go on after it.
  func rows(_ send: (OpaquePointer) -> Int32) throws(PostgresError) -> Rows {
    guard send(raw) == 1 else { throw lost() }
    try flush()
    var failure: PostgresError?
    var rows: Rows?
    while let result = try nextResult() {
      failure = failure ?? self.failure(in: result)
      rows = Rows(adopting: result, during: operation)
      // COPY waits for data, and returns the same result for ever.
      guard !isCopy(result) else {
        throw PostgresError(.protocolViolation, "COPY can't be done here", during: operation)
      }
    }
    if let failure { throw failure }
    guard let rows = consume rows else { throw lost() }
    return rows
  }

  /// Whether the session is over, or in an unknown state, after a failure.
  func endsSession(_ error: PostgresError) -> Bool {
    error.state == .deadlineExceeded || error.state.family == "08"
      || PQstatus(raw) == CONNECTION_BAD
  }

  private func isCopy(_ result: OpaquePointer) -> Bool {
    [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(PQresultStatus(result))
  }

  private func flush() throws(PostgresError) {
    while true {
      switch PQflush(raw) {
      case 0: return
      case 1:
        // The server may want to be read before it reads on (libpq manual, 34.4).
        guard deadline.wait(for: PQsocket(raw), Int32(POLLIN | POLLOUT)) else {
          throw PostgresError(.deadlineExceeded, "not sent within the time-out", during: operation)
        }
        guard PQconsumeInput(raw) == 1 else { throw lost() }
      default: throw lost()
      }
    }
  }

  private func nextResult() throws(PostgresError) -> OpaquePointer? {
    while PQisBusy(raw) == 1 {
      guard deadline.wait(for: PQsocket(raw), Int32(POLLIN)) else {
        throw PostgresError(.deadlineExceeded, "no answer within the time-out", during: operation)
      }
      // A connection that breaks here is reported by the next PQgetResult as a failed result.
      if PQconsumeInput(raw) == 0 { break }
    }
    return PQgetResult(raw)
  }

  /// The error that the server reports (`PQresultErrorField`), or libpq when the server is gone.
  private func failure(in result: OpaquePointer) -> PostgresError? {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: return nil
    default:
      let field = { (code: Int) -> String? in
        PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
      }
      let state = field(Int(CPG_DIAG_SQLSTATE)).map { SQLState(rawValue: $0) }
      let message =
        field(Int(CPG_DIAG_MESSAGE_PRIMARY)) ?? Self.line(PQresultErrorMessage(result))
      let detail = field(Int(CPG_DIAG_MESSAGE_DETAIL)).map { " (\($0))" } ?? ""
      return PostgresError(state ?? .connectionFailure, message + detail, during: operation)
    }
  }

  private func lost() -> PostgresError {
    PostgresError(.connectionFailure, Self.message(of: raw), during: operation)
  }

  /// libpq's message about the last failure of a connection (`PQerrorMessage`).
  static func message(of raw: OpaquePointer) -> String { line(PQerrorMessage(raw)) }

  /// A text of libpq as one line: it breaks some, and indents the rest by a tab.
  private static func line(_ text: UnsafePointer<CChar>) -> String {
    String(cString: text).utf8.split { $0 == 0x0A || $0 == 0x09 }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }
}
