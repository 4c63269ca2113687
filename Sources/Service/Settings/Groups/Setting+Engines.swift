/// The addresses of the engines.
extension Setting {
  static let postgresDSN = Setting(
    "PG_DSN", .dsn, "postgresql:///swiftlet",
    "PostgreSQL, for links: a libpq URI or key=value string. Its user owns the tables; the "
      + "command `swiftlet` and programs without a login of their own use it",
    isEssential: true)
  static let postgresLookupDSN = Setting(
    "PG_LOOKUP_DSN", .dsn, "",
    "The login of look-up and retry workers, a user with fewer rights; empty: PG_DSN")
  static let postgresAPIDSN = Setting(
    "PG_API_DSN", .dsn, "",
    "The login of the program api; empty: PG_DSN")
  static let postgresAnalyticsDSN = Setting(
    "PG_ANALYTICS_DSN", .dsn, "",
    "The login of analytics; empty: PG_DSN")
  static let postgresDispatcherDSN = Setting(
    "PG_DISPATCHER_DSN", .dsn, "",
    "The login of dispatcher; empty: PG_DSN")
  package static let redisURL = Setting(
    "REDIS_URL",
    .url(
      schemes: ["redis", "unix"],
      form: "redis://[:password@]host[:port][/db] or unix:///path/to.sock[?db=0]"),
    "redis://127.0.0.1:6379/0",
    "Redis, for the cache and worker ids: redis://[:password@]host:port/db, or "
      + "unix:///path/to.sock?db=0",
    isEssential: true)
  package static let rabbitMQURL = Setting(
    "RABBITMQ_URL", .url(schemes: ["amqp"], form: "amqp://user:password@host[:port]/vhost"),
    "amqp://guest:guest@127.0.0.1:5672/%2F",
    "RabbitMQ, for clicks in transit: amqp://user:password@host:port/vhost, the vhost / "
      + "written %2F",
    isEssential: true)
  static let clickHouseURL = Setting(
    "CLICKHOUSE_URL",
    .url(schemes: ["http", "https"], form: "http://user[:password]@host:port/database"),
    "http://default@127.0.0.1:8123/swiftlet",
    "ClickHouse over HTTP, for stored clicks: http://user[:password]@host:port/database",
    isEssential: true)
}

extension SettingGroup {
  static let engines = SettingGroup(
    "engines", "Engines",
    [
      .postgresDSN, .postgresLookupDSN, .postgresAPIDSN, .postgresAnalyticsDSN,
      .postgresDispatcherDSN, .redisURL, .rabbitMQURL, .clickHouseURL,
    ])
}
