package import Links

/// The programs' settings, read once at start; each `Setting` is declared in its group.
///
/// A duration's unit is in its name; sizes are in bytes.
package struct Settings: Sendable {
  private let postgresDSNs: [PostgresUser: String]
  package let redisURL: String
  package let rabbitMQURL: String
  package let clickHouseURL: String

  /// The beginning of short URLs.
  package let baseURL: BaseURL
  /// Hosts whose URLs lead back here and so can't be shortened: `baseURL`'s and others.
  package let ownHosts: [String]
  /// How links are named that nobody names, and how long random codes are.
  package let codeStyle: String
  package let codeLength: Int
  /// How many segments a slug may have.
  package let slugForm: SlugForm
  /// From so many visits on, no API key may delete a link; 0 for any number.
  package let deletionThreshold: Int
  package let hasPreviews: Bool
  /// Whether titles of pages are read for links that are made without one.
  package let resolvesTitles: Bool
  /// Inner networks that may be connected to where a user chose the host.
  package let allowedInnerNetworks: [String]
  /// The path of a geolocation database; none when empty.
  package let geoDatabase: String

  /// The API key that is made while there is none; nothing when empty.
  package let initialAPIKey: String
  /// Who may make links by POST /shorten.
  package let shortening: Offering
  /// Who may read statistics.
  package let statistics: Offering
  /// Wrong API keys of one client in a minute; 0 for any number.
  package let wrongKeyLimit: Int

  package let journalDirectory: String
  /// The directory for the state that a host's programs share; no other user may write to it.
  package let stateDirectory: String
  package let journalSegmentBytes: Int
  /// The limit of all journals in bytes; beyond it clicks are dropped and counted.
  package let journalMaxBytes: Int
  /// A file that gets the id of each dropped click; none when empty.
  package let droppedIDs: String
  package let tracksOrphanVisits: Bool
  /// How many visits without a link one worker writes one by one.
  package let orphanVisitsPerSecond: Int
  /// How long a click may stay neither confirmed by the broker nor synced to the disk; 0 for ever.
  package let journalSyncMilliseconds: Int

  package let cacheSeconds: Int
  package let missSeconds: Int
  /// How long a worker remembers a link without asking Redis again; 0 for never.
  package let hotCacheMilliseconds: Int
  package let redirectMaxAgeSeconds: Int
  package let leaseSeconds: Int

  package let redisTimeoutMilliseconds: Int
  package let postgresReadTimeoutMilliseconds: Int
  package let postgresWriteTimeoutMilliseconds: Int
  package let postgresListTimeoutMilliseconds: Int
  package let postgresConnectionMaxAgeSeconds: Int
  package let clickHouseReadTimeoutMilliseconds: Int
  package let clickHouseInsertTimeoutMilliseconds: Int

  /// The queue that clicks go through; its dead letters are in the one named `<name>.dead`.
  package let clickQueue: String
  package let relayPollMilliseconds: Int
  /// The limit of unconfirmed messages to the broker.
  package let relayWindow: Int
  package let relayMessageBytes: Int
  package let batchMaxRows: Int
  package let batchMaxMilliseconds: Int

  /// The limit of nginx's connections to one worker of a pool.
  package let workerConnections: Int
  /// The number of this host's processes whose requests may come with an API key.
  package let keyedProcesses: Int
  package let logLevel: String
  package let shortenerRole: ShortenerRole

  package init(_ read: Variables) throws(SettingError) {
    postgresDSNs = try read.postgresDSNs()
    redisURL = try read.text(.redisURL)
    rabbitMQURL = try read.text(.rabbitMQURL)
    clickHouseURL = try read.text(.clickHouseURL)
    let otherHosts = try read.list(.ownHosts).map { $0.lowercased() }
    var baseURL = try read.baseURL(.baseURL)
    ownHosts = otherHosts + [baseURL.host]
    baseURL.otherHosts = Set(otherHosts)
    self.baseURL = baseURL

    codeStyle = try read.text(.codeStyle)
    codeLength = try read.integer(.codeLength)
    slugForm = try read.integer(.multiSegmentSlugs) == 1 ? .segments : .oneSegment
    deletionThreshold = try read.integer(.deletionThreshold)
    hasPreviews = try read.integer(.previews) == 1
    resolvesTitles = try read.integer(.autoResolveTitles) == 1
    allowedInnerNetworks = try read.list(.allowedInnerNetworks)
    geoDatabase = try read.text(.geoDatabase)
    initialAPIKey = try read.text(.initialAPIKey)
    shortening = try read.offering(.shortening)
    statistics = try read.offering(.statistics)
    wrongKeyLimit = try read.integer(.wrongKeyLimit)

    journalDirectory = try read.text(.journalDirectory)
    stateDirectory = try read.text(.stateDirectory)
    guard !Self.components(stateDirectory).starts(with: Self.components(journalDirectory)) else {
      throw read.located(
        SettingError(
          name: Setting.stateDirectory.name, value: stateDirectory,
          expected: "a directory outside JOURNAL_DIR"))
    }
    journalSegmentBytes = try read.integer(.journalSegmentBytes)
    journalMaxBytes = try read.integer(.journalMaxBytes)
    droppedIDs = try read.text(.droppedIDs)
    tracksOrphanVisits = try read.integer(.trackOrphanVisits) == 1
    orphanVisitsPerSecond = try read.integer(.orphanVisitsPerSecond)
    journalSyncMilliseconds = try read.integer(.journalSync)

    cacheSeconds = try read.integer(.cacheLifetime)
    missSeconds = try read.integer(.missLifetime)
    hotCacheMilliseconds = try read.integer(.hotCache)
    redirectMaxAgeSeconds = try read.integer(.redirectMaxAge)
    leaseSeconds = try read.integer(.workerIDLease)

    redisTimeoutMilliseconds = try read.integer(.redisTimeout)
    postgresReadTimeoutMilliseconds = try read.integer(.postgresReadTimeout)
    postgresWriteTimeoutMilliseconds = try read.integer(.postgresWriteTimeout)
    postgresListTimeoutMilliseconds = try read.integer(.postgresListTimeout)
    postgresConnectionMaxAgeSeconds = try read.integer(.postgresConnectionMaxAge)
    clickHouseReadTimeoutMilliseconds = try read.integer(.clickHouseReadTimeout)
    clickHouseInsertTimeoutMilliseconds = try read.integer(.clickHouseInsertTimeout)

    clickQueue = try read.text(.clickQueue)
    relayPollMilliseconds = try read.integer(.relayPoll)
    relayWindow = try read.integer(.relayWindow)
    relayMessageBytes = try read.integer(.relayMessageBytes)
    batchMaxRows = try read.integer(.batchMaxRows)
    batchMaxMilliseconds = try read.integer(.batchMaxAge)

    keyedProcesses = try read.integer(.apiWorkers) + read.integer(.analyticsWorkers)
    workerConnections = try read.integer(.workerConnections)
    logLevel = try read.text(.logLevel)
    shortenerRole = try read.shortenerRole()
  }

  /// A path's components, by bytes: a slash followed by a combining mark is no slash to Character.
  private static func components(_ path: String) -> [[UInt8]] {
    path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
  }

  /// The connection string of a user of PostgreSQL.
  package func postgresDSN(of user: PostgresUser) -> String { postgresDSNs[user] ?? "" }
}
