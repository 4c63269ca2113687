import Postgres
package import Service

/// What a dispatcher is told from outside.
package struct DispatcherSettings: Sendable {
  /// Between two looks at the outbox while nothing is left over.
  static let roundMilliseconds = 200
  /// How long a row is kept beyond the life of what Redis has of a link.
  private static let marginSeconds = 3600
  /// The limits of one round trip to Redis.
  ///
  /// There are three at most between two statements, and PostgreSQL ends a session that is silent for
  /// `DispatcherSession.silence`.
  private static let redisTimeouts = 500...1000

  let settings: Settings
  let postgres: ConnectionOptions
  let redisTimeoutMilliseconds: Int
  /// How long a row is kept: for as long Redis may bring a value of before the change back.
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
