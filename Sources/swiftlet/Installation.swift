import Analytics
import Destinations
import Logging
import Lookup
import Management
import Places
import Service
import Sessions

/// The settings of this installation, and its stores.
struct Installation {
  let settings: Settings
  let log: Logger

  init() throws { try self.init(Variables.load()) }

  init(_ read: Variables) throws {
    settings = try read.checkedSettings()
    // A failure ends the command with its own line; the stores' log would repeat it.
    log = Log.make("swiftlet", level: "critical")
  }

  func postgres() -> PostgresSession {
    PostgresSession(settings, as: .owner, program: "cli", log: log)
  }

  /// Nobody waits behind a command, so Redis gets more time than a request would give it.
  func redis() throws -> RedisSession {
    try RedisSession(
      settings, timeoutMilliseconds: max(settings.redisTimeoutMilliseconds, 1000), log: log)
  }

  /// What the questions about visits are answered from.
  func analytics() throws -> AnalyticsStores {
    let postgres = postgres()
    return AnalyticsStores(
      statistics: StatsLookup(
        stats: try StatsStore(settings), links: LinkStore(postgres, settings)),
      visits: VisitLists(
        try VisitStore(settings), VisitedLinks(postgres, settings), base: settings.baseURL),
      reports: try ReportStore(settings))
  }

  /// Lends what the operations on links work on.
  ///
  /// The first time that Redis can't be told of a change, the operator is.
  func withStores<Result>(_ body: (ManagementStores) throws -> Result) throws -> Result {
    let postgres = postgres()
    let redis = try redis()
    let ids = IDSource(redis: redis, postgres: postgres, settings, log: log)
    let cache = LinkCache(redis, settings)
    defer {
      cache.flush()
      ids.release()
    }
    let creation = LinkCreation(
      ShortURLInsertion(postgres, settings), ids: ids, cache: cache, CreationDefaults(settings))
    var isTold = false
    let units = Units(postgres, redis, settings) { failure in
      guard !isTold else { return }
      isTold = true
      Outcome.complain(
        "changed, but Redis can't be told (\(failure.debugDescription)). "
          + "The dispatcher goes on trying; until then hosts may redirect as before.")
    }
    return try body(
      ManagementStores(
        creation: creation, units: units, places: PlaceFinder(settings, log: log),
        baseURL: settings.baseURL,
        ownDomains: OwnDomains(cache, LinkStore(postgres, settings)), instance: Instance(settings)))
  }

  /// The change of links by an edition.
  func edit(_ edition: ShortURLEdition) throws -> LinkChange {
    .edit(edition, by: EditShortURL(try OwnHosts(settings)))
  }
}
