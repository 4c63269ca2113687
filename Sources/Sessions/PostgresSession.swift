package import Logging
package import Postgres
package import Service

/// The process's only connection to PostgreSQL: opened when needed, recycled when old, dropped when
/// in doubt.
///
/// All PostgreSQL stores of a process share it, so a pool of N workers has at most N connections.
/// After a failure, requests fail at once until there is a connection again. It is opened in the
/// background, a little further with each call and each tick. So no request waits for a server that
/// may still be frozen.
package final class PostgresSession {
  private let options: Postgres.ConnectionOptions
  private let connectTimeout: Int
  private let maxAge: Int64
  private let log: Logger
  /// The time that a call may spend on opening a connection in the background.
  private static let stepMilliseconds = 5
  /// The time limit of such an opening; no request waits for it.
  private static let openingMilliseconds: Int64 = 30_000

  /// The idle time after which a connection is checked before use.
  ///
  /// A server that went away meanwhile has closed it.
  private static let restMilliseconds: Int64 = 1000

  private var connection: Postgres.Connection?
  /// The connection that is being opened in the background, and its time limit.
  private var opening: (connection: Postgres.Connection, end: Int64)?
  private var expiresAt: Int64 = 0
  /// When the connection was last used, on the boot clock.
  private var usedAt: Int64 = 0
  /// When another mismatch of the schema may be logged.
  private var complainAt: Int64 = 0
  private static let complaintMilliseconds: Int64 = 60_000
  private var breaker = CircuitBreaker(shortestMilliseconds: 200, longestMilliseconds: 2000)
  private var random = SystemRandomNumberGenerator()

  /// - Parameters:
  ///   - settings: The address of PostgreSQL.
  ///   - user: The user, with its own login if it has one.
  ///   - program: Its name in the server's list of connections.
  ///   - timeoutMilliseconds: For connecting, and for a statement; by default a request's time
  ///     limit.
  ///   - log: Gets PostgreSQL's failures and recoveries.
  package init(
    _ settings: Settings, as user: PostgresUser, program: String,
    timeoutMilliseconds: Int? = nil, log: Logger
  ) {
    let statementTimeout = timeoutMilliseconds ?? settings.postgresWriteTimeoutMilliseconds
    // A look-up that waits for a lock is refused in time: the server doesn't look dead.
    let lockTimeout =
      user == .lookup ? (settings.postgresReadTimeoutMilliseconds * 2 + 1) / 3 : statementTimeout
    options = ConnectionOptions(
      dsn: settings.postgresDSN(of: user), applicationName: "swiftlet-" + program,
      statementTimeoutMilliseconds: statementTimeout, lockTimeoutMilliseconds: lockTimeout)
    connectTimeout = timeoutMilliseconds ?? settings.postgresReadTimeoutMilliseconds
    maxAge = Int64(settings.postgresConnectionMaxAgeSeconds) * 1000
    self.log = log
  }

  /// Reads from the server.
  ///
  /// `body` may run twice: when the connection is lost, it runs again on a new one. So it may only
  /// read; changes use `transaction`.
  package func read<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: false), body) { _ throws(StoreError) in
      try useNew(operation, body)
    }
  }

  /// Makes a change, once.
  ///
  /// A single statement is a transaction by itself; for several, `body` calls
  /// `Connection.transaction`. When the connection is lost, it is unknown whether the change was
  /// made, and `unavailable` is thrown. A connection that the server closed while idle is replaced
  /// before `body` runs.
  package func transaction<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: true), body) { error throws(StoreError) in
      throw failed(error)
    }
  }

  /// Makes a change, once, and finds out its outcome when the connection is lost.
  ///
  /// - Parameters:
  ///   - operation: Its name.
  ///   - body: The change, as in `transaction(_:_:)`.
  ///   - settle: Runs on a new connection after a loss. It must be right in three cases: the change
  ///     was made, was not made, or is still being made by the server.
  /// - Returns: The result of `body` or `settle`.
  /// - Throws: `StoreError`; after `unavailable` or `timeout` the change may have been made.
  package func transaction<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result,
    settle: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: true), body) { _ throws(StoreError) in
      try useNew(operation, settle)
    }
  }

  /// Continues to open a connection after a failure; call it about once a second.
  package func tick() {
    guard connection == nil, breaker.isTripped else { return }
    _ = try? take("reconnect", looking: false)
  }

  /// Ends the connection; the next use opens another.
  package func close() {
    connection = nil
    opening = nil
  }

  /// Runs `body`; when the connection is lost, `afterLoss` returns the result or throws.
  private func use<Result>(
    _ current: Postgres.Connection,
    _ body: (Postgres.Connection) throws(PostgresError) -> Result,
    afterLoss: (PostgresError) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let answer = Swift.Result { () throws(PostgresError) in try body(current) }
    // A transaction left open would include the next statements.
    if !current.isIdle { connection = nil }
    switch answer {
    case .success(let result):
      settled()
      return result
    // A server that has failed before must answer once first: otherwise each call would open two
    // sessions.
    case .failure(let error) where error.isConnectionLoss && !breaker.isTripped:
      return try afterLoss(error)
    case .failure(let error): throw failed(error)
    }
  }

  /// Runs `body` on a new connection in place of one that is lost.
  private func useNew<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    connection = nil
    return try use(try take(operation, looking: false), body) { error throws(StoreError) in
      throw failed(error)
    }
  }

  /// The present connection, or a new one.
  ///
  /// - Parameters:
  ///   - operation: Its name, for the error.
  ///   - looking: Whether a connection used a moment ago is also checked. A `read` needs no check:
  ///     it runs again.
  /// - Returns: The connection.
  /// - Throws: `StoreError` when there is no connection now.
  private func take(
    _ operation: String, looking: Bool
  ) throws(StoreError) -> Postgres.Connection {
    let now = SystemClock.bootMilliseconds()
    if let connection, now < expiresAt,
      !looking && now < usedAt + Self.restMilliseconds || connection.isUsable
    {
      usedAt = now
      return connection
    }
    connection = nil
    do throws(PostgresError) {
      connection =
        breaker.isTripped
        ? try reopen(at: now)
        : try Postgres.Connection(options, timeoutMilliseconds: connectTimeout)
    } catch {
      opening = nil
      throw failed(error)
    }
    guard let connection else {
      throw StoreError(
        .postgres, .unavailable, during: operation, "not asked: it failed a moment ago",
        retryAfter: breaker.retryAfterSeconds(at: now))
    }
    usedAt = now
    // Not all workers of a pool at the same time.
    expiresAt = now + maxAge - Int64.random(in: 0...maxAge / 10, using: &random)
    return connection
  }

  /// Continues to open a connection, or begins when it is time; nil while there is none.
  private func reopen(at now: Int64) throws(PostgresError) -> Postgres.Connection? {
    if opening == nil {
      guard breaker.allows(at: now) else { return nil }
      opening = (try Postgres.Connection(opening: options), now + Self.openingMilliseconds)
    }
    guard let (connection, end) = opening else { return nil }
    if try connection.isOpen(withinMilliseconds: Self.stepMilliseconds) {
      opening = nil
      return connection
    }
    guard now < end else {
      throw PostgresError(.deadlineExceeded, "no session within the time-out", during: "connect")
    }
    return nil
  }

  private func settled() {
    if breaker.isTripped { log.notice("PostgreSQL is back") }
    breaker.succeeded()
  }

  /// Handles an error: may drop the connection, and begin a pause.
  private func failed(_ error: PostgresError) -> StoreError {
    let kind = Self.kind(of: error)
    if kind == .unavailable || error.state == .deadlineExceeded {
      connection = nil
      if !breaker.isTripped {
        log.warning("PostgreSQL fails", metadata: ["error": "\(error.debugDescription)"])
      }
      breaker.failed(at: SystemClock.bootMilliseconds(), using: &random)
    } else {
      // The server answers.
      settled()
      complain(error)
    }
    return StoreError(.postgres, kind, during: error.operation, error.debugDescription)
  }

  /// Logs, once a minute, that PostgreSQL has another schema: nothing else shows it in a worker.
  private func complain(_ error: PostgresError) {
    let now = SystemClock.bootMilliseconds()
    guard error.isOfAnotherSchema, now >= complainAt else { return }
    complainAt = now + Self.complaintMilliseconds
    log.error(
      "PostgreSQL lacks a table, a column or a right: run swiftlet migrate",
      metadata: ["error": "\(error.debugDescription)"])
  }

  private static func kind(of error: PostgresError) -> StoreError.Kind {
    if error.isTimeout { return .timeout }
    if error.isConnectionLoss { return .unavailable }
    switch error.state {
    case .readOnlyTransaction, .invalidCatalogName, .serializationFailure, .deadlockDetected:
      return .unavailable
    default:
      // Out of resources, an operator's intervention, or a system error such as a full disk. Also a
      // wrong password, which only the operator can correct.
      return ["53", "57", "58", "28"].contains(error.state.family) ? .unavailable : .rejected
    }
  }
}
