import CPostgres
import Glibc

/// One session with a PostgreSQL server, driven without blocking longer than a deadline allows.
///
/// After a missed deadline the connection's state is unknown. It is closed at once and never used
/// again; later calls throw 08003. Use it from one thread, in the process that opened it.
package final class Connection {
  /// `nil` once closed.
  private var raw: OpaquePointer?
  private var statements = PreparedStatements()
  /// The state of an opening.
  private var opening = PGRES_POLLING_WRITING

  /// Begins to open a session (`PQconnectStartParams`); `isOpen` goes on with it.
  ///
  /// A host name is resolved by the system's resolver, without a time limit.
  package init(opening options: ConnectionOptions) throws(PostgresError) {
    guard let raw = Self.start(options) else {
      throw PostgresError(.cannotConnect, "out of memory", during: "connect")
    }
    self.raw = raw
    PQsetNoticeProcessor(raw, { _, _ in }, nil)
  }

  /// Opens a session; throws once the time is over.
  package convenience init(
    _ options: ConnectionOptions, timeoutMilliseconds: Int
  ) throws(PostgresError) {
    try self.init(opening: options)
    guard try isOpen(withinMilliseconds: timeoutMilliseconds) else {
      throw dropped(.deadlineExceeded, "no session within the time-out", during: "connect")
    }
  }

  /// Continues to open the session; false while it isn't open yet (`PQconnectPoll`).
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
    statements = PreparedStatements()
  }

  /// Whether the session looks usable, without asking the server.
  ///
  /// A server that went away has closed its end, which is visible here.
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

  /// Whether the session stands and no transaction is open (`PQtransactionStatus`).
  package var isIdle: Bool { raw.map { PQtransactionStatus($0) } == PQTRANS_IDLE }

  /// Lends the C session; nil once closed.
  func withRaw<Result>(_ body: (OpaquePointer?) -> Result) -> Result { body(raw) }

  /// Runs one statement with its bound values (`PQsendQueryPrepared`), prepared at its first use
  /// (`PQsendPrepare`).
  ///
  /// A migration may invalidate a prepared plan by changing its columns. Such a statement, or one
  /// that the server has lost, runs unprepared, and is prepared again at its next use. Within a
  /// transaction the error is thrown, because the transaction has failed.
  package func execute(
    _ sql: SQL, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) -> Rows {
    let deadline = Deadline(milliseconds: timeoutMilliseconds)
    guard let name = try prepare(sql, operation, deadline) else {
      return try executeOnce(sql, operation, deadline)
    }
    do throws(PostgresError) {
      return try converse(operation, deadline, sql) { raw in
        sql.parameters.withRaw { count, values, lengths, formats in
          PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1)
        }
      }
    } catch {
      guard [.featureNotSupported, .invalidStatementName].contains(error.state) else { throw error }
      statements.remove(sql)
      // Only then has the server undone everything that the statement may have done.
      guard isIdle else { throw error }
      return try executeOnce(sql, operation, deadline)
    }
  }

  /// Runs a statement once without preparing it, for example a list's (`PQsendQueryParams`).
  package func executeOnce(
    _ sql: SQL, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) -> Rows {
    try executeOnce(sql, operation, Deadline(milliseconds: timeoutMilliseconds))
  }

  /// Runs a text of several statements, without values, as one (`PQsendQuery`).
  ///
  /// Outside of a transaction the server runs them as one transaction.
  package func executeScript(
    unsafe text: String, _ operation: String, timeoutMilliseconds: Int
  ) throws(PostgresError) {
    _ = try converse(operation, Deadline(milliseconds: timeoutMilliseconds)) { raw in
      PQsendQuery(raw, text)
    }
  }

  /// Runs `body` between `BEGIN` and `COMMIT`: all of its statements take effect, or none.
  ///
  /// After an error it rolls back; if that fails, it closes the connection. When the connection is
  /// lost at the `COMMIT`, the outcome is unknown.
  ///
  /// - Parameters:
  ///   - operation: Its name.
  ///   - timeoutMilliseconds: The time limit of each of `BEGIN`, `COMMIT` and `ROLLBACK`.
  ///   - body: The statements, on this connection.
  /// - Returns: The result of `body`.
  /// - Throws: The error of `body`; 25001 within another transaction; 25P02 when one of its
  ///   statements failed and `body` returned nonetheless.
  package func transaction<Result>(
    _ operation: String, timeoutMilliseconds: Int, _ body: () throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    guard raw == nil || isIdle else {
      throw PostgresError(.activeTransaction, "a transaction is open", during: operation)
    }
    func run(_ command: SQL) throws(PostgresError) -> String {
      try executeOnce(command, operation, timeoutMilliseconds: timeoutMilliseconds).command
    }
    _ = try run("BEGIN")
    let result: Result
    do throws(PostgresError) {
      result = try body()
    } catch {
      if (try? run("ROLLBACK")) == nil { close() }
      throw error
    }
    let outcome: String
    do throws(PostgresError) {
      outcome = try run("COMMIT")
    } catch {
      // Any other error is the server's word that it has rolled back.
      guard raw == nil || error.isConnectionLoss else { throw error }
      close()
      throw PostgresError(.transactionResolutionUnknown, error.message, during: operation)
    }
    // A failed transaction is rolled back by COMMIT, without an error.
    guard outcome == "COMMIT" else {
      throw PostgresError(.failedTransaction, "rolled back: a statement failed", during: operation)
    }
    return result
  }
}

// MARK: - Conversation

extension Connection {
  /// The name of the prepared statement; nil to run it unprepared.
  private func prepare(
    _ sql: SQL, _ operation: String, _ deadline: Deadline
  ) throws(PostgresError) -> String? {
    if let name = statements.name(of: sql) { return name }
    guard let name = statements.nextName else { return nil }
    let types = sql.types
    _ = try converse(operation, deadline, sql) { raw in
      PQsendPrepare(raw, name, sql.text, Int32(types.count), types)
    }
    statements.add(sql, as: name)
    return name
  }

  private func executeOnce(
    _ sql: SQL, _ operation: String, _ deadline: Deadline
  ) throws(PostgresError) -> Rows {
    try converse(operation, deadline, sql) { raw in
      sql.parameters.withRaw { count, values, lengths, formats in
        PQsendQueryParams(raw, sql.text, count, sql.types, values, lengths, formats, 1)
      }
    }
  }

  private func converse(
    _ operation: String, _ deadline: Deadline, _ sql: SQL? = nil,
    send: (OpaquePointer) -> Int32
  ) throws(PostgresError) -> Rows {
    guard let raw else {
      throw PostgresError(.connectionDoesNotExist, "connection is closed", during: operation)
    }
    if let sql, !sql.parameters.fitAMessage {
      throw PostgresError(.programLimitExceeded, "too many or too long values", during: operation)
    }
    let conversation = Conversation(raw: raw, operation: operation, deadline: deadline)
    do throws(PostgresError) {
      return try conversation.rows(send)
    } catch {
      if conversation.endsSession(error) { close() }
      throw error
    }
  }

  /// Closes the connection and says why; without a message, libpq's own (`PQerrorMessage`).
  private func dropped(
    _ state: SQLState, _ message: String? = nil, during operation: String
  ) -> PostgresError {
    let text = message ?? raw.map(Conversation.message) ?? ""
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
