import APIServing
import Access
import Analytics
import Logging
import Lookup
import Metrics
import Monitoring
import Service
import Serving
import Sessions

/// A worker of the analytics pool: statistics, and the pool's health.
enum AnalyticsPool {
  /// Serves the socket at descriptor 0 until asked to stop.
  ///
  /// - Throws: `SettingError` for an address that can't be read, `FastCGIError` when the socket is
  ///   none.
  static func serve(_ settings: Settings, log: Logger) throws {
    let meter = MetricsDirectory(settings).meter(.analytics, log: log)
    let postgres = PostgresSession(settings, as: .analytics, program: "analytics", log: log)
    let links = LinkStore(postgres, settings)
    let stats = try StatsStore(settings)
    let stores = AnalyticsStores(
      statistics: StatsLookup(
        stats: stats, links: links, sight: LinkSight(postgres, settings)),
      visits: VisitLists(
        try VisitStore(settings), VisitedLinks(postgres, settings), base: settings.baseURL),
      reports: try ReportStore(settings))
    let health = Health(
      dependencies: [
        Dependency(name: "clickhouse", ping: stats.ping),
        Dependency(name: "postgres", ping: links.ping),
      ],
      canServe: { up in up.contains("clickhouse") })

    var router = Router<Handler>(slugs: settings.slugForm)
    let keys = KeyStore(postgres, settings)
    let authenticator = Authenticator(keys, try RedisSession(settings, log: log), settings)
    // Before the statistics: `health` could be a link's name.
    router.add(
      MonitoringOperations.ofAnalytics, in: Momentary(health.report), authenticator, meter)
    router.add(AnalyticsOperations.all, in: stores, authenticator, meter)
    try Worker(
      router: router, meter: meter, connections: settings.workerConnections,
      hasCredentials: true, refuseLost: authenticator.refuseLost,
      refuseFlood: authenticator.refuseFlood, log: log
    ) {
      postgres.tick()
      keys.noteUses()
    }.serve()
  }
}
