package import Logging
package import Postgres
package import Service

/// This process' one connection to PostgreSQL: opened when first needed, recycled when old, dropped
/// when in doubt.
///
/// All PostgreSQL stores of a process share it, so a pool of N workers holds N connections at most.
/// After a failure, what is asked fails at once until a connection stands again. It is opened on the
/// side, a little further with each call and each tick: no request waits for a server that may still
/// be frozen.
package final class PostgresSession {
  private let options: Postgres.ConnectionOptions
  private let connectTimeout: Int
  private let maxAge: Int64
  private let log: Logger
  /// How much of a call's time may go into an opening on the side.
  private static let stepMilliseconds = 5
  /// How long such an opening may take: nobody waits for it.
  private static let openingMilliseconds: Int64 = 30_000

  /// After how long without use a connection is looked at before it is used: a server that went away
  /// meanwhile has closed it.
  private static let restMilliseconds: Int64 = 1000

  private var connection: Postgres.Connection?
  /// What is being opened on the side, and when that has taken too long.
  private var opening: (connection: Postgres.Connection, end: Int64)?
  private var expiresAt: Int64 = 0
  /// When the connection last served, on the boot clock.
  private var usedAt: Int64 = 0
  /// When a schema that doesn't fit may be logged again.
  private var complainAt: Int64 = 0
  private static let complaintMilliseconds: Int64 = 60_000
  private var breaker = CircuitBreaker(shortestMilliseconds: 200, longestMilliseconds: 2000)
  private var random = SystemRandomNumberGenerator()

  /// - Parameters:
  ///   - settings: Where PostgreSQL is.
  ///   - user: Who asks, each by its own login if it has one.
  ///   - program: Its name in the server's list of connections.
  ///   - timeoutMilliseconds: For a connection, and for a statement; by default what a request may take.
  ///   - log: Told when PostgreSQL fails, and when it is back.
  package init(
    _ settings: Settings, as user: PostgresUser, program: String,
    timeoutMilliseconds: Int? = nil, log: Logger
  ) {
    let statementTimeout = timeoutMilliseconds ?? settings.postgresWriteTimeoutMilliseconds
    options = ConnectionOptions(
      dsn: settings.postgresDSN(of: user), applicationName: "swiftlet-" + program,
      statementTimeoutMilliseconds: statementTimeout, lockTimeoutMilliseconds: statementTimeout)
    connectTimeout = timeoutMilliseconds ?? settings.postgresReadTimeoutMilliseconds
    maxAge = Int64(settings.postgresConnectionMaxAgeSeconds) * 1000
    self.log = log
  }

  /// Asks the server something.
  ///
  /// `body` may run twice: when the connection turns out to be lost, it runs again on a new one. So
  /// it only reads; what changes something is a `transaction`.
  package func read<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: false), body) { _ throws(StoreError) in
      try useNew(operation, body)
    }
  }

  /// Changes something, once.
  ///
  /// A single statement is a transaction by itself; for several, `body` calls
  /// `Connection.transaction`. When the connection is lost, nobody knows whether the change was made,
  /// and `unavailable` is thrown. One that the server ended while it was idle is replaced before
  /// `body` runs.
  package func transaction<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: true), body) { error throws(StoreError) in
      throw failed(error)
    }
  }

  /// Changes something, once, and finds out what became of it when the connection is lost.
  ///
  /// - Parameters:
  ///   - operation: Our name of it.
  ///   - body: The change, as in `transaction(_:_:)`.
  ///   - settle: Runs on a new connection after a loss. It must be right in each of three cases: the
  ///     change was made, was not made, or is still being made by the server.
  /// - Returns: What `body`, or `settle`, returns.
  /// - Throws: `StoreError`; what is `unavailable` or a `timeout` may have been done.
  package func transaction<Result>(
    _ operation: String, _ body: (Postgres.Connection) throws(PostgresError) -> Result,
    settle: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try use(try take(operation, looking: true), body) { _ throws(StoreError) in
      try useNew(operation, settle)
    }
  }

  /// Goes on opening a connection after a failure; to be called about once a second.
  package func tick() {
    guard connection == nil, breaker.isTripped else { return }
    _ = try? take("reconnect", looking: false)
  }

  /// Ends the connection; the next use opens another.
  package func close() {
    connection = nil
    opening = nil
  }

  /// Runs `body`; when the connection is lost, `afterLoss` gives the result or throws.
  private func use<Result>(
    _ current: Postgres.Connection,
    _ body: (Postgres.Connection) throws(PostgresError) -> Result,
    afterLoss: (PostgresError) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let answer = Swift.Result { () throws(PostgresError) in try body(current) }
    // A transaction that was left open would take in what comes next.
    if !current.isIdle { connection = nil }
    switch answer {
    case .success(let result):
      settled()
      return result
    // A server that has failed before must answer once first: else each call costs it two sessions.
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

  /// The connection that stands, or a new one.
  ///
  /// - Parameters:
  ///   - operation: What for.
  ///   - looking: Whether one that served a moment ago is looked at, too. A `read` needs no look: it
  ///     runs again.
  /// - Returns: The connection.
  /// - Throws: `StoreError` when none can be had now.
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

  /// Goes on opening a connection, or begins to when it is time for a try; nil when none stands yet.
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

  /// Draws the conclusions from an error: whether to drop the connection, and to pause.
  private func failed(_ error: PostgresError) -> StoreError {
    let kind = Self.kind(of: error)
    if kind == .unavailable || error.state == .deadlineExceeded {
      connection = nil
      if !breaker.isTripped {
        log.warning("PostgreSQL fails", metadata: ["error": "\(error.debugDescription)"])
      }
      breaker.failed(at: SystemClock.bootMilliseconds(), using: &random)
    } else {
      // It answers.
      settled()
      complain(error)
    }
    return StoreError(.postgres, kind, during: error.operation, error.debugDescription)
  }

  /// Logs that PostgreSQL has another schema, once a minute: nothing else shows it in a worker.
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
      // Out of resources; operator's intervention; a system error such as a full disk; a wrong
      // password, which only the operator can put right.
      return ["53", "57", "58", "28"].contains(error.state.family) ? .unavailable : .rejected
    }
  }
}
