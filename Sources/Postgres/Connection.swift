import CPostgres
import Glibc

/// One session with a PostgreSQL server, driven without blocking longer than a deadline allows.
///
/// libpq's blocking calls have no time-out of their own, so each conversation here sends, polls and
/// consumes. A connection whose deadline passed is in an unknown state: it is closed at once and
/// never used again; everything asked of it later throws 08003. Statements are prepared once a
/// connection, when first used. To be used by one thread, in the process that opened it.
package final class Connection {
  /// `nil` once closed.
  private var raw: OpaquePointer?
  /// Server-side names of the prepared statements, by their text.
  private var statements: [String: String] = [:]

  /// How far an opening has come.
  private var opening = PGRES_POLLING_WRITING

  /// Begins to open a session (`PQconnectStartParams`); `isOpen` goes on with it.
  ///
  /// A host name is resolved by the system's resolver, which takes the time it takes.
  package init(opening options: ConnectionOptions) throws(PostgresError) {
    guard let raw = Self.start(options) else {
      throw PostgresError(.cannotConnect, "out of memory", during: "connect")
    }
    self.raw = raw
    PQsetNoticeProcessor(raw, { _, _ in }, nil)
  }

  /// Opens a session, or throws once the time is over.
  package convenience init(
    _ options: ConnectionOptions, timeoutMilliseconds: Int
  ) throws(PostgresError) {
    try self.init(opening: options)
    guard try isOpen(withinMilliseconds: timeoutMilliseconds) else {
      throw dropped(.deadlineExceeded, "no session within the time-out", during: "connect")
    }
  }

  /// Goes on opening the session; false when that takes longer still (`PQconnectPoll`).
  package func isOpen(withinMilliseconds milliseconds: Int) throws(PostgresError) -> Bool {
    let deadline = Deadline(milliseconds: milliseconds)
    while opening != PGRES_POLLING_OK {
      guard let raw, PQstatus(raw) != CONNECTION_BAD, opening != PGRES_POLLING_FAILED else {
        throw dropped(.cannotConnect, during: "connect")
      }
      let events = opening == PGRES_POLLING_READING ? POLLIN : POLLOUT
      guard deadline.wait(for: PQsocket(raw), Int32(events)) else { return false }
      opening = PQconnectPoll(raw)
      if opening == PGRES_POLLING_OK, PQsetnonblocking(raw, 1) != 0 {
        throw dropped(.cannotConnect, during: "connect")
      }
    }
    return true
  }

  deinit {
    close()
  }

  /// Ends the session (`PQfinish`); harmless when it is closed already.
  package func close() {
    if let raw { PQfinish(raw) }
    raw = nil
    statements = [:]
  }

  /// Whether the session still stands as far as can be told without asking the server: a server
  /// that went away has closed its end, and that is readable here.
  package var isUsable: Bool {
    guard let raw else { return false }
    var waiting = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
    // A farewell message comes before the end of the stream, hence the loop.
    while poll(&waiting, 1, 0) != 0 {
      guard PQconsumeInput(raw) == 1 else { return false }
    }
    return PQstatus(raw) == CONNECTION_OK
  }

  /// The server's version as a number, such as 150018 for 15.18 (`PQserverVersion`).
  package var serverVersion: Int { raw.map { Int(PQserverVersion($0)) } ?? 0 }

  /// The number of the server process (`PQbackendPID`).
  package var backendPID: Int { raw.map { Int(PQbackendPID($0)) } ?? 0 }

  /// Runs one statement with its bound values: prepared at its first use (`PQsendPrepare`), then
  /// one round trip (`PQsendQueryPrepared`).
  package func execute(
    _ sql: SQL, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) -> Rows {
    let deadline = Deadline(milliseconds: timeoutMilliseconds)
    let name = try prepare(sql, operation, deadline)
    let parameters = Parameters(sql.values)
    return try converse(operation, deadline) { raw in
      parameters.withRaw { count, values, lengths, formats in
        PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1)
      }
    }
  }

  /// Runs one statement that will not come again, without preparing it (`PQsendQueryParams`).
  package func executeOnce(
    _ sql: SQL, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) -> Rows {
    let parameters = Parameters(sql.values)
    let types = sql.values.map(\.type)
    return try converse(operation, Deadline(milliseconds: timeoutMilliseconds)) { raw in
      parameters.withRaw { count, values, lengths, formats in
        PQsendQueryParams(raw, sql.text, count, types, values, lengths, formats, 1)
      }
    }
  }

  /// Runs a text of several statements, without values, as one (`PQsendQuery`): outside of a
  /// transaction the server makes it one.
  package func executeScript(
    unsafe text: String, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) {
    _ = try converse(operation, Deadline(milliseconds: timeoutMilliseconds)) { raw in
      PQsendQuery(raw, text)
    }
  }
}

// MARK: - Conversation

extension Connection {
  private func prepare(
    _ sql: SQL, _ operation: String, _ deadline: Deadline
  ) throws(PostgresError) -> String {
    if let name = statements[sql.text] { return name }
    let name = "s\(statements.count + 1)"
    let types = sql.values.map(\.type)
    _ = try converse(operation, deadline) { raw in
      PQsendPrepare(raw, name, sql.text, Int32(types.count), types)
    }
    statements[sql.text] = name
    return name
  }

  /// Sends by `send`, then collects results until the server is ready for the next command; answers
  /// the last result (`PQflush`, `PQconsumeInput`, `PQgetResult`).
  private func converse(
    _ operation: String, _ deadline: Deadline, send: (OpaquePointer) -> Int32
  ) throws(PostgresError) -> Rows {
    guard let raw else {
      throw PostgresError(.connectionDoesNotExist, "connection is closed", during: operation)
    }
    guard send(raw) == 1 else { throw dropped(.connectionFailure, during: operation) }
    try flush(raw, operation, deadline)
    var failure: PostgresError?
    var last: OpaquePointer?
    while let result = try nextResult(raw, operation, deadline, discarding: last) {
      if let last { PQclear(last) }
      last = result
      failure = failure ?? Self.failure(in: result, during: operation)
    }
    guard let last else { throw dropped(.connectionFailure, during: operation) }
    let rows = Rows(adopting: last)
    if let failure {
      if PQstatus(raw) == CONNECTION_BAD { close() }
      throw failure
    }
    return rows
  }

  private func flush(
    _ raw: OpaquePointer, _ operation: String, _ deadline: Deadline
  ) throws(PostgresError) {
    while true {
      switch PQflush(raw) {
      case 0: return
      case 1:
        // The server may want to be read before it reads on (libpq manual, 34.4).
        guard deadline.wait(for: PQsocket(raw), Int32(POLLIN | POLLOUT)) else {
          throw dropped(.deadlineExceeded, "not sent within the time-out", during: operation)
        }
        guard PQconsumeInput(raw) == 1 else { throw dropped(.connectionFailure, during: operation) }
      default: throw dropped(.connectionFailure, during: operation)
      }
    }
  }

  private func nextResult(
    _ raw: OpaquePointer, _ operation: String, _ deadline: Deadline, discarding last: OpaquePointer?
  ) throws(PostgresError) -> OpaquePointer? {
    while PQisBusy(raw) == 1 {
      guard deadline.wait(for: PQsocket(raw), Int32(POLLIN)) else {
        if let last { PQclear(last) }
        throw dropped(.deadlineExceeded, "no answer within the time-out", during: operation)
      }
      // A connection that breaks here is reported by the next PQgetResult as a failed result.
      if PQconsumeInput(raw) == 0 { break }
    }
    return PQgetResult(raw)
  }

  private static func failure(
    in result: OpaquePointer, during operation: String
  ) -> PostgresError? {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: return nil
    default:
      let field = { (code: Int) -> String? in
        PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
      }
      let state = field(Int(CPG_DIAG_SQLSTATE)).map { SQLState(rawValue: $0) }
      let message =
        field(Int(CPG_DIAG_MESSAGE_PRIMARY)) ?? String(cString: PQresultErrorMessage(result))
      let detail = field(Int(CPG_DIAG_MESSAGE_DETAIL)).map { " (\($0))" } ?? ""
      return PostgresError(state ?? .connectionFailure, message + detail, during: operation)
    }
  }

  /// Closes the connection and says why; without a message, libpq's own (`PQerrorMessage`).
  private func dropped(
    _ state: SQLState, _ message: String? = nil, during operation: String
  ) -> PostgresError {
    var text = message ?? raw.map { String(cString: PQerrorMessage($0)) } ?? ""
    while text.utf8.last == 10 { text.removeLast() }
    close()
    return PostgresError(state, text, during: operation)
  }

  private static func start(_ options: ConnectionOptions) -> OpaquePointer? {
    let keywords = options.keywords()
    let words = keywords.map { strdup($0.name) } + [nil]
    let values = keywords.map { strdup($0.value) } + [nil]
    defer { for copy in words + values { free(copy) } }
    return PQconnectStartParams(
      words.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
  }
}
