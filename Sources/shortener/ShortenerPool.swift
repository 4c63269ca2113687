import FastCGI
package import Logging
import Lookup
import Management
import Metrics
import Redirects
package import Service
import Serving
import Sessions

/// A worker of the shortener, in the role that it is given.
package struct ShortenerPool {
  private let settings: Settings
  private let log: Logger

  package init(_ settings: Settings, log: Logger) {
    self.settings = settings
    self.log = log
  }

  /// Serves the socket at descriptor 0 until asked to stop.
  ///
  /// - Throws: `SettingError` for a host or an address that can't be read, `FileError` when the
  ///   journals' directory can't be made, `FastCGIError` when the socket is none.
  package func serve() throws {
    let role = settings.shortenerRole
    let meter = MetricsFolder(settings).meter(role.counted, log: log)
    let redis = try RedisSession(settings, log: log)
    let cache = LinkCache(redis, settings, meter: meter)
    let postgres =
      role.asksPostgreSQL
      ? PostgresSession(settings, program: "shortener-\(role.rawValue)", log: log) : nil
    let links = postgres.map { LinkStore($0, settings) }
    let backlog = Backlog()
    var router = Router<Handler>()

    let api = try postgres.flatMap { postgres in
      role.servesAPI
        ? try APIRoutes(settings, redis: redis, postgres: postgres, cache: cache, meter, log) : nil
    }
    defer { api?.release() }
    api?.add(to: &router)
    let redirects =
      role.servesRedirects
      ? try RedirectRoutes(
        settings, lookup: LinkLookup(cache: cache, links: links, backlog: backlog, meter: meter),
        meter, log) : nil
    redirects?.add(to: &router)

    try Worker(
      router: router, meter: meter, connections: settings.workerConnections, backlog: backlog,
      log: log, answerTaken: { api?.answerTaken() ?? [] },
      afterAnswer: { hasReady in
        // Others ask Redis for what a look-up found; a new link nobody asks for yet.
        if role == .api { cache.flushUnless(hasReady) } else { cache.flush() }
      }
    ) {
      postgres?.tick()
      api?.tick()
      redirects?.tick()
    }.serve()
  }
}

extension ShortenerRole {
  /// Under which name a process of this role counts.
  fileprivate var counted: Role {
    switch self {
    case .all, .redirects: .shortener
    case .lookups: .lookup
    case .api: .api
    case .retries: .spare
    }
  }
}
