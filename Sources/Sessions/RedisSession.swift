package import Logging
package import Redis
package import Service

/// This process' one connection to Redis: opened when first needed, dropped when in doubt.
///
/// A Redis that is dead or frozen costs a request next to nothing: after a failure nothing is asked
/// for a while, but for a try now and then.
package final class RedisSession {
  private let address: Redis.Address
  private let timeout: Int
  private let log: Logger
  private var connection: Redis.Connection?
  private var breaker: CircuitBreaker
  private var random = SystemRandomNumberGenerator()

  /// Grows by one with each connection that was opened.
  private var connections = 0

  /// - Parameters:
  ///   - settings: Where Redis is.
  ///   - timeoutMilliseconds: For a connection, and for a round trip; by default what a request may take.
  ///   - longestPauseMilliseconds: The limit of the pause after a failure.
  ///   - log: Told when Redis fails, and when it is back.
  /// - Throws: `SettingError` when REDIS_URL can't be read.
  package init(
    _ settings: Settings, timeoutMilliseconds: Int? = nil, longestPauseMilliseconds: Int64 = 1000,
    log: Logger
  ) throws(SettingError) {
    address = try Redis.Address(settings)
    timeout = timeoutMilliseconds ?? settings.redisTimeoutMilliseconds
    breaker = CircuitBreaker(
      shortestMilliseconds: 200, longestMilliseconds: longestPauseMilliseconds)
    self.log = log
  }

  /// The number of the database that commands go to.
  package var database: Int { address.database }

  /// The number of the connection that stands now, or `nil` if it broke since it was last used.
  ///
  /// As long as it stays the same, the server has not been restarted in between.
  package var standing: Int? {
    guard let connection, connection.isUsable else { return nil }
    return connections
  }

  /// Sends commands in one round trip.
  ///
  /// Only what may be done twice belongs here: when the connection turns out to be lost, the
  /// commands are sent once more on a new one.
  ///
  /// - Returns: One reply for each command; error replies stand among them.
  package func run(_ commands: [Command], patience: Int = 1) throws(StoreError) -> [Reply] {
    let (current, isReused) = try take()
    do throws(RedisError) {
      return settled(try current.pipeline(commands, timeoutMilliseconds: timeout * patience))
    } catch {
      guard isReused, error.code == .closed else { throw failed(error) }
    }
    connection = nil
    let (fresh, _) = try take()
    do throws(RedisError) {
      return settled(try fresh.pipeline(commands, timeoutMilliseconds: timeout * patience))
    } catch {
      throw failed(error)
    }
  }

  /// Sends one command, by the rules of `run`.
  ///
  /// - Parameters:
  ///   - command: May be done twice.
  ///   - operation: Our name of it, for the error.
  ///   - patience: How many times a request's time it may take.
  /// - Returns: Its reply.
  /// - Throws: `StoreError`; an error reply, too.
  package func ask(
    _ command: Command, during operation: String, patience: Int = 1
  ) throws(StoreError) -> Reply {
    let reply = try run([command], patience: patience).first ?? .null
    if case .error(let text) = reply {
      throw StoreError(.redis, .unavailable, during: operation, text)
    }
    return reply
  }

  /// Ends the connection; the next use opens another.
  package func close() {
    connection = nil
  }

  private func take() throws(StoreError) -> (Redis.Connection, Bool) {
    // Whether the server closed it meanwhile shows when it is used; then it is sent again.
    if let connection { return (connection, true) }
    let now = SystemClock.bootMilliseconds()
    guard breaker.allows(at: now) else {
      throw StoreError(
        .redis, .unavailable, during: "connect", "not asked: it failed a moment ago",
        retryAfter: breaker.retryAfterSeconds(at: now))
    }
    do throws(RedisError) {
      let opened = try Redis.Connection(
        address, connectTimeoutMilliseconds: timeout, timeoutMilliseconds: timeout)
      connection = opened
      connections += 1
      return (opened, false)
    } catch {
      throw failed(error)
    }
  }

  private func settled(_ replies: [Reply]) -> [Reply] {
    if breaker.isTripped { log.notice("Redis is back") }
    breaker.succeeded()
    return replies
  }

  private func failed(_ error: RedisError) -> StoreError {
    connection = nil
    if !breaker.isTripped {
      log.warning("Redis fails", metadata: ["error": "\(error.debugDescription)"])
    }
    breaker.failed(at: SystemClock.bootMilliseconds(), using: &random)
    return StoreError(
      .redis, error.code == .timedOut ? .timeout : .unavailable, during: error.operation,
      error.debugDescription)
  }
}
