import Destinations
import HTTPTypes
import Journals
import Links
package import Logging
package import Lookup
package import Metrics
package import Service
package import Serving
package import Sessions
package import Web

/// New links, the shortener's health, and the numbers of all programs: the routes of the API's role
/// and of the retry role.
package final class APIRoutes {
  private let ids: IDSource
  private let shorten: Shorten
  private let health: Momentary<Response>
  private let metrics: MetricsPage
  private let meter: Meter

  /// - Throws: `SettingError` for an own host that is none.
  package init(
    _ settings: Settings, redis: RedisSession, postgres: PostgresSession, cache: LinkCache,
    _ meter: Meter, _ log: Logger
  ) throws {
    let links = LinkStore(postgres, settings)
    let instruments = Instruments(settings)
    ids = IDSource(redis: redis, postgres: postgres, settings, log: log, meter: meter)
    shorten = Shorten(
      ids: ids, links: links, cache: cache, baseURL: settings.baseURL.description,
      ownHosts: try OwnHosts(settings), meter: meter)
    health = Momentary(Self.health(links, cache, instruments).response)
    metrics = MetricsPage(instruments: instruments)
    self.meter = meter
  }

  package func add(to router: inout Router<Handler>) {
    router.on(.post, at: .exact("/shorten"), .together(shorten.take))
    router.on(.get, .head, at: .exact("/health"), meter.counting(.health, health.answer))
    router.on(.get, .head, at: .exact("/metrics"), meter.counting(.metrics, metrics.answer))
  }

  /// The host can serve while one engine and one kind of worker are there that redirects can do with.
  private static func health(
    _ links: LinkStore, _ cache: LinkCache, _ instruments: Instruments
  ) -> Health {
    Health(
      dependencies: [
        Dependency(name: "postgres", ping: links.ping),
        Dependency(name: "redis", ping: cache.ping),
        Dependency(name: "journal", ping: instruments.checkJournals),
        Dependency(name: "relay", ping: instruments.checkRelay),
        Dependency(name: "consumer", ping: instruments.checkConsumer),
        Dependency(name: "redirects") { () throws(StoreError) in
          try instruments.checkWorkers(.shortener)
        },
        Dependency(name: "lookups") { () throws(StoreError) in
          try instruments.checkWorkers(.lookup)
        },
        Dependency(name: "retries") { () throws(StoreError) in
          try instruments.checkWorkers(.spare)
        },
      ],
      canServe: { up in
        !up.isDisjoint(with: ["postgres", "redis"])
          && !up.isDisjoint(with: ["redirects", "retries"])
      },
      remarks: { instruments.remarks })
  }

  /// Answers the requests that were taken.
  package func answerTaken() -> [Response] { shorten.answer() }

  /// To be called about once a second.
  package func tick() { ids.tick() }

  /// Gives the worker id back.
  package func release() { ids.release() }
}
