import HTTPTypes
import Links
import Logging
import Metrics
import Service
import Stores

/// New links, the shortener's health, and the numbers of all programs: the routes of the API's role
/// and of the retry role.
final class APIRoutes {
  private let ids: IDSource
  private let shorten: Shorten
  private let health: Health
  private let metrics: MetricsPage
  private let meter: Meter

  /// - Throws: `FileError` when the journal's folder can't be made, `SettingError` for an own host
  ///   that is none.
  init(
    _ settings: Settings, redis: RedisSession, postgres: PostgresSession, cache: LinkCache,
    _ meter: Meter, _ log: Logger
  ) throws {
    let links = LinkStore(postgres, settings)
    let instruments = Instruments(settings)
    let journal = try ClickJournal(
      directory: settings.journalDirectory, state: StateDirectory(settings),
      segmentBytes: settings.journalSegmentBytes, maximumBytes: settings.journalMaxBytes,
      meter: meter)
    ids = IDSource(redis: redis, postgres: postgres, settings, log: log, meter: meter)
    shorten = Shorten(
      ids: ids, links: links, cache: cache, baseURL: settings.baseURL.description,
      ownHosts: try OwnHosts(settings))
    health = Health(
      dependencies: [
        Health.Dependency(name: "postgres", ping: links.ping),
        Health.Dependency(name: "redis", ping: cache.ping),
        Health.Dependency(name: "journal", ping: journal.ping),
        Health.Dependency(name: "relay", ping: instruments.checkRelay),
        Health.Dependency(name: "consumer", ping: instruments.checkConsumer),
      ],
      canServe: { up in up.contains("postgres") || up.contains("redis") },
      remarks: { instruments.remarks })
    metrics = MetricsPage(instruments: instruments)
    self.meter = meter
  }

  func add(to router: inout Router<Handler>) {
    router.on(.post, at: .exact("/shorten"), meter.counting(.shorten, shorten.answer))
    router.on(.get, .head, at: .exact("/health"), meter.counting(.health, health.answer))
    router.on(.get, .head, at: .exact("/metrics"), meter.counting(.metrics, metrics.answer))
  }

  /// To be called about once a second.
  func tick() { ids.tick() }

  /// Gives the worker id back.
  func release() { ids.release() }
}
