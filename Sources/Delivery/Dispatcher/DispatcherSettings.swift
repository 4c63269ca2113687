import Postgres
package import Service

/// The settings of a dispatcher.
package struct DispatcherSettings: Sendable {
  /// The pause between two reads of the outbox while nothing is left.
  static let roundMilliseconds = 200
  /// How long a row is kept beyond the lifetime of a link's record in Redis.
  private static let marginSeconds = 3600
  /// The limits of one round trip to Redis.
  ///
  /// There are at most three round trips between two statements. PostgreSQL ends a session that is
  /// silent for `DispatcherSession.silence`.
  private static let redisTimeouts = 500...1000

  let settings: Settings
  let postgres: ConnectionOptions
  let redisTimeoutMilliseconds: Int
  /// How long a row is kept: as long as Redis may bring back a value from before the change.
  let keptSeconds: Int

  package init(_ settings: Settings) {
    self.settings = settings
    postgres = ConnectionOptions(
      dsn: settings.postgresDSN(of: .dispatcher), applicationName: "swiftlet-dispatcher",
      statementTimeoutMilliseconds: DispatcherSession.timeout,
      lockTimeoutMilliseconds: DispatcherSession.timeout)
    redisTimeoutMilliseconds = min(
      max(settings.redisTimeoutMilliseconds, Self.redisTimeouts.lowerBound),
      Self.redisTimeouts.upperBound)
    keptSeconds = settings.cacheSeconds + Self.marginSeconds
  }
}
