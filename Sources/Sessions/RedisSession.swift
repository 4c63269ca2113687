package import Logging
package import Redis
package import Service

/// The process's only connection to Redis: opened when needed, dropped when in doubt.
///
/// A dead or frozen Redis costs a request almost nothing. After a failure no command is sent for a
/// while, except for single attempts.
package final class RedisSession {
  private let address: Redis.Address
  private let timeout: Int
  private let log: Logger
  private var connection: Redis.Connection?
  private var breaker: CircuitBreaker
  private var random = SystemRandomNumberGenerator()

  /// The number of connections opened so far.
  private var connections = 0

  /// - Parameters:
  ///   - settings: The address of Redis.
  ///   - timeoutMilliseconds: For connecting, and for a round trip; by default a request's time
  ///     limit.
  ///   - longestPauseMilliseconds: The limit of the pause after a failure.
  ///   - log: Gets Redis' failures and recoveries.
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

  /// The number of the database in use.
  package var database: Int { address.database }

  /// The number of the present connection, or `nil` if it broke since its last use.
  ///
  /// While it stays the same, the server has not been restarted.
  package var standing: Int? {
    guard let connection, connection.isUsable else { return nil }
    return connections
  }

  /// Sends commands in one round trip.
  ///
  /// Only commands that may run twice are allowed: when the connection is lost, they are sent once
  /// more on a new one.
  ///
  /// - Returns: One reply for each command, error replies included.
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
  ///   - command: A command that may run twice.
  ///   - operation: Its name, for the error.
  ///   - patience: The time limit, as a multiple of a request's.
  /// - Returns: The reply.
  /// - Throws: `StoreError`, also for an error reply.
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
    // If the server closed it meanwhile, the use will show it; then the commands are sent again.
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
