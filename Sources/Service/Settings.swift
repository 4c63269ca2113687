import Clicks

/// All that can be set from outside, read once at start; `sample.env` lists the same with a line each.
///
/// Durations are in the unit their name says, sizes in bytes.
package struct Settings: Sendable {
  package let postgresDSN: String
  package let redisURL: String
  package let rabbitMQURL: String
  package let clickHouseURL: String

  /// What short URLs begin with.
  package let baseURL: BaseURL
  /// Hosts whose URLs lead back here and so can't be shortened: that of `baseURL` and any others.
  package let ownHosts: [String]

  package let journalDirectory: String
  /// What the programs of a host share and nobody else may write to.
  package let stateDirectory: String
  package let journalSegmentBytes: Int
  /// Of all journals together; past it clicks are dropped and counted.
  package let journalMaxBytes: Int
  /// A file that gets the id of each dropped click; none when empty.
  package let droppedIDs: String
  /// How long a click may be neither confirmed by the broker nor on the disk; 0 for ever.
  package let journalSyncMilliseconds: Int

  package let cacheSeconds: Int
  package let missSeconds: Int
  /// How long a worker goes by what it was told of a code without asking Redis again; 0 for never.
  package let hotCacheMilliseconds: Int
  package let redirectMaxAgeSeconds: Int
  package let leaseSeconds: Int

  package let redisTimeoutMilliseconds: Int
  package let postgresReadTimeoutMilliseconds: Int
  package let postgresWriteTimeoutMilliseconds: Int
  package let postgresConnectionMaxAgeSeconds: Int
  package let clickHouseReadTimeoutMilliseconds: Int
  package let clickHouseInsertTimeoutMilliseconds: Int

  /// The queue that clicks go through; its dead letters are in the one named `<name>.dead`.
  package let clickQueue: String
  package let relayPollMilliseconds: Int
  /// Messages on their way to the broker without a confirm, at most.
  package let relayWindow: Int
  package let relayMessageBytes: Int
  package let batchMaxRows: Int
  package let batchMaxMilliseconds: Int

  /// How many connections of nginx one worker of a pool may have.
  package let workerConnections: Int
  package let logLevel: String
  package let shortenerRole: ShortenerRole

  package init(_ variables: Variables) throws(SettingError) {
    let read = SettingReader(variables)
    postgresDSN = try read.text("PG_DSN", default: "postgresql:///swiftlet")
    redisURL = try read.url(
      "REDIS_URL", default: "redis://127.0.0.1:6379/0", schemes: ["redis", "unix"],
      expected: "redis://[:password@]host[:port][/db] or unix:///path/to.sock[?db=0]")
    rabbitMQURL = try read.url(
      "RABBITMQ_URL", default: "amqp://guest:guest@127.0.0.1:5672/%2F", schemes: ["amqp"],
      expected: "amqp://user:password@host[:port]/vhost")
    clickHouseURL = try read.url(
      "CLICKHOUSE_URL", default: "http://default@127.0.0.1:8123/swiftlet",
      schemes: ["http", "https"], expected: "http://user[:password]@host:port/database")
    baseURL = try read.baseURL("BASE_URL", default: "http://localhost:8080")
    ownHosts = try read.list("OWN_HOSTS") + [baseURL.host]

    journalDirectory = try read.text("JOURNAL_DIR", default: "/var/lib/swiftlet/journal")
    stateDirectory = try read.text("STATE_DIR", default: "/var/lib/swiftlet/state")
    guard !stateDirectory.split(separator: "/").starts(with: journalDirectory.split(separator: "/"))
    else {
      throw SettingError(
        name: "STATE_DIR", value: stateDirectory, expected: "a directory outside JOURNAL_DIR")
    }
    journalSegmentBytes = try read.integer(
      "JOURNAL_SEGMENT_BYTES", default: 64 << 20, in: 4096...(1 << 40))
    journalMaxBytes = try read.integer(
      "JOURNAL_MAX_BYTES", default: 4 << 30, in: (1 << 20)...(1 << 50))
    droppedIDs = try read.text("DROPPED_IDS", default: "")
    journalSyncMilliseconds = try read.integer("JOURNAL_SYNC_MS", default: 100, in: 0...60_000)

    cacheSeconds = try read.integer("CACHE_TTL", default: 86_400, in: 1...31_536_000)
    missSeconds = try read.integer("MISS_TTL", default: 30, in: 1...3600)
    hotCacheMilliseconds = try read.integer("HOT_CACHE_MS", default: 30_000, in: 0...60_000)
    redirectMaxAgeSeconds = try read.integer("REDIRECT_MAX_AGE", default: 90, in: 0...31_536_000)
    leaseSeconds = try read.integer("WORKER_ID_LEASE_TTL", default: 60, in: 2...3600)

    let timeout = 1...600_000
    redisTimeoutMilliseconds = try read.integer("REDIS_TIMEOUT_MS", default: 20, in: timeout)
    postgresReadTimeoutMilliseconds = try read.integer(
      "PG_READ_TIMEOUT_MS", default: 150, in: timeout)
    postgresWriteTimeoutMilliseconds = try read.integer(
      "PG_WRITE_TIMEOUT_MS", default: 1000, in: timeout)
    postgresConnectionMaxAgeSeconds = try read.integer(
      "PG_CONNECTION_MAX_AGE", default: 3600, in: 1...86_400)
    clickHouseReadTimeoutMilliseconds = try read.integer(
      "CLICKHOUSE_READ_TIMEOUT_MS", default: 5000, in: timeout)
    clickHouseInsertTimeoutMilliseconds = try read.integer(
      "CLICKHOUSE_INSERT_TIMEOUT_MS", default: 20_000, in: timeout)

    clickQueue = try read.text("CLICK_QUEUE", default: "click_events")
    relayPollMilliseconds = try read.integer("RELAY_POLL_MS", default: 50, in: 1...10_000)
    relayWindow = try read.integer("RELAY_WINDOW", default: 64, in: 1...10_000)
    relayMessageBytes = try read.integer(
      "RELAY_MESSAGE_BYTES", default: 256 << 10,
      // A message takes whole lines: no click may be too long for one.
      in: BorrowedClick.maximumLineBytes...(16 << 20))
    batchMaxRows = try read.integer("BATCH_MAX_ROWS", default: 200_000, in: 1...800_000)
    batchMaxMilliseconds = try read.integer("BATCH_MAX_MS", default: 500, in: 1...60_000)

    workerConnections = try read.integer("WORKER_CONNECTIONS", default: 256, in: 1...512)
    logLevel = try read.choice(
      "LOG_LEVEL", default: "info",
      of: ["trace", "debug", "info", "notice", "warning", "error", "critical"])
    // SECOND_TRY=1 is how the configuration of earlier versions names the retry role.
    let isRetry = try read.integer("SECOND_TRY", default: 0, in: 0...1) == 1
    let role = try read.choice(
      "SHORTENER_ROLE", default: (isRetry ? ShortenerRole.retries : .all).rawValue,
      of: ShortenerRole.allCases.map(\.rawValue))
    shortenerRole = ShortenerRole(rawValue: role) ?? .all
  }
}
