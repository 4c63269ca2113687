import APIServing
import Access
import Destinations
import Journals
import Links
import Logging
import Lookup
import Management
import Metrics
import Monitoring
import Places
import Service
import Serving
import Sessions

/// A worker of the API: new links, the health of this host, the numbers of all its programs.
enum APIPool {
  /// Serves the socket at descriptor 0 until asked to stop.
  ///
  /// - Throws: `SettingError` for a host or an address that can't be read, `FastCGIError` when the
  ///   socket is none.
  static func serve(_ settings: Settings, log: Logger) throws {
    let meter = MetricsDirectory(settings).meter(.api, log: log)
    let redis = try RedisSession(settings, log: log)
    let postgres = PostgresSession(settings, as: .api, program: "api", log: log)
    let cache = LinkCache(redis, settings, meter: meter)
    let ids = IDSource(redis: redis, postgres: postgres, settings, log: log, meter: meter)
    defer { ids.release() }
    let stores = ManagementStores(
      creation: LinkCreation(
        ShortURLInsertion(postgres, settings), ids: ids, cache: cache, CreationDefaults(settings)),
      units: Units(postgres, redis, settings), places: PlaceFinder(settings, log: log),
      baseURL: settings.baseURL,
      deletionThreshold: settings.deletionThreshold, hasPreviews: settings.hasPreviews,
      ownDomains: OwnDomains(cache, LinkStore(postgres, settings)), instance: Instance(settings))
    let keys = KeyStore(postgres, settings)
    let authenticator = Authenticator(keys, redis, settings)
    let ownHosts = try OwnHosts(settings)
    let shorten = SharedRequests(ShortenURL(ownHosts), in: stores, authenticator, meter)
    let heartbeat = Heartbeat(StateDirectory(settings))
    let reader = MetricsReader(settings) { heartbeat.age }
    let host = HostMonitor(
      health: Health(ShortURLSchema(postgres, settings), cache, reader), metrics: reader)

    var router = Router<Handler>(slugs: settings.slugForm)
    if settings.shortening != .off { router.add(shorten) }
    let management = ManagementOperations.all(ownHosts, settings.slugForm)
    router.add(management, in: stores, authenticator, meter)
    router.add(MonitoringOperations.all, in: host, authenticator, meter)
    try Worker(
      router: router, meter: meter, connections: settings.workerConnections,
      hasCredentials: true, refuseLost: authenticator.refuseLost,
      refuseFlood: authenticator.refuseFlood, log: log, answerTaken: shorten.answer,
      afterAnswer: cache.flushUnless
    ) {
      postgres.tick()
      ids.tick()
      keys.noteUses()
    }.serve()
  }
}
