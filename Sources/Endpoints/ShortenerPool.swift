import HTTPTypes
package import Logging
import Metrics
package import Service
import Stores
import Web

/// A worker of the shortener pool: redirects, new links, the pool's health, and all programs'
/// numbers.
package struct ShortenerPool {
  private let settings: Settings
  private let log: Logger

  package init(_ settings: Settings, log: Logger) {
    self.settings = settings
    self.log = log
  }

  /// Serves the socket at descriptor 0 until asked to stop.
  ///
  /// - Throws: `SettingError` for an address that can't be read, `FileError` when the journal's
  ///   folder can't be made, `FastCGIError` when the socket is none.
  package func serve() throws {
    let meter = MetricsFolder(settings).meter(
      settings.isSecondTry ? .spare : .shortener, log: log)
    let instruments = Instruments(settings)
    let postgres = PostgresSession(settings, program: "shortener", log: log)
    let redis = try RedisSession(settings, log: log)
    let links = LinkStore(postgres, settings)
    let cache = LinkCache(redis, settings, meter: meter)
    let ids = IDSource(redis: redis, postgres: postgres, settings, log: log, meter: meter)
    defer { ids.release() }
    let journal = try ClickJournal(
      directory: settings.journalDirectory, segmentBytes: settings.journalSegmentBytes,
      maximumBytes: settings.journalMaxBytes, meter: meter)

    let redirect = Redirect(
      cache: cache, links: links, journal: journal, maxAgeSeconds: settings.redirectMaxAgeSeconds,
      isSecondTry: settings.isSecondTry, meter: meter)
    let shorten = Shorten(
      ids: ids, links: links, cache: cache, baseURL: settings.baseURL.description,
      ownHosts: settings.ownHosts)
    let health = Health(
      dependencies: [
        Health.Dependency(name: "postgres", ping: links.ping),
        Health.Dependency(name: "redis", ping: cache.ping),
        Health.Dependency(name: "journal", ping: journal.ping),
        Health.Dependency(name: "relay", ping: instruments.checkRelay),
      ],
      canServe: { up in up.contains("postgres") || up.contains("redis") },
      remarks: { instruments.remarks })

    let metrics = MetricsPage(instruments: instruments)

    var router = Router<Handler>()
    router.on(.post, at: .exact("/shorten"), meter.counting(.shorten, shorten.answer))
    router.on(.get, .head, at: .exact("/health"), meter.counting(.health, health.answer))
    router.on(.get, .head, at: .exact("/metrics"), meter.counting(.metrics, metrics.answer))
    router.on(.get, .head, at: .segment(after: "/"), meter.timing(redirect.answer))
    var dropped = 0
    var isNearlyFull = false
    try Worker(
      router: router, meter: meter, connections: settings.workerConnections, log: log,
      afterAnswer: cache.flush
    ) {
      postgres.tick()
      ids.tick()
      journal.closeIfIdle()
      if journal.dropped > dropped {
        dropped = journal.dropped
        log.error(
          "clicks are dropped: the journal can't be written", metadata: ["dropped": "\(dropped)"])
      }
      if journal.isNearlyFull != isNearlyFull {
        isNearlyFull = journal.isNearlyFull
        if isNearlyFull { log.warning("the journals have nearly reached JOURNAL_MAX_BYTES") }
      }
    }.serve()
  }
}
