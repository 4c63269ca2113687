/// The time limits of each engine.
extension Setting {
  private static let milliseconds = 1...600_000

  package static let redisTimeout = Setting(
    "REDIS_TIMEOUT_MS", milliseconds, 20, "Milliseconds for a command of Redis")
  static let postgresReadTimeout = Setting(
    "PG_READ_TIMEOUT_MS", milliseconds, 150,
    "Milliseconds for a look-up in PostgreSQL; below 400, since nginx waits 800 for a redirect "
      + "and requests may have waited 400 for a look-up worker")
  static let postgresWriteTimeout = Setting(
    "PG_WRITE_TIMEOUT_MS", milliseconds, 1000, "Milliseconds for an insert into PostgreSQL")
  static let postgresListTimeout = Setting(
    "PG_LIST_TIMEOUT_MS", milliseconds, 700,
    "Milliseconds for the statements of a list that a request asks for, since others wait behind it"
  )
  static let postgresConnectionMaxAge = Setting(
    "PG_CONNECTION_MAX_AGE", 1...86_400, 3600,
    "Seconds after which a worker replaces its connection to PostgreSQL")
  static let clickHouseReadTimeout = Setting(
    "CLICKHOUSE_READ_TIMEOUT_MS", milliseconds, 5000, "Milliseconds for a statistics query")
  static let clickHouseInsertTimeout = Setting(
    "CLICKHOUSE_INSERT_TIMEOUT_MS", milliseconds, 20_000,
    "Milliseconds for the insert of a batch of clicks")
}

extension SettingGroup {
  static let timeLimits = SettingGroup(
    "timeouts", "Time limits",
    [
      .redisTimeout, .postgresReadTimeout, .postgresWriteTimeout, .postgresListTimeout,
      .postgresConnectionMaxAge,
      .clickHouseReadTimeout, .clickHouseInsertTimeout,
    ])
}
