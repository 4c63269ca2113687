import FastCGI
import HTTPTypes
import Journals
import Links
import Logging
import Lookup
import Metrics
import Places
import Redirects
import Service
import Serving
import Sessions
import Web

/// A worker of the shortener, in the role that it is given.
enum ShortenerPool {
  /// Serves the socket at descriptor 0 until asked to stop.
  ///
  /// - Throws: `SettingError` for an address that can't be read, and for the API's socket. `FileError`
  ///   when the journals' directory can't be made. `FastCGIError` when the socket is none.
  static func serve(_ settings: Settings, log: Logger) throws {
    let role = settings.shortenerRole
    try refuseSocketOfAPI(role)
    let meter = MetricsDirectory(settings).meter(role.counted, log: log)
    let cache = LinkCache(try RedisSession(settings, log: log), settings, meter: meter)
    let postgres =
      role.asksPostgreSQL
      ? PostgresSession(settings, as: .lookup, program: "shortener-\(role.rawValue)", log: log)
      : nil
    let backlog = Backlog()
    let lookup = LinkLookup(
      cache: cache, links: postgres.map { LinkStore($0, settings) }, backlog: backlog, meter: meter,
      base: settings.baseURL)
    let journal = try ClickJournal(
      directory: settings.journalDirectory, state: StateDirectory(settings),
      segmentBytes: settings.journalSegmentBytes, maximumBytes: settings.journalMaxBytes,
      droppedIDs: settings.droppedIDs, meter: meter)
    let watch = JournalWatch(journal, log: log)
    let gate = VisitGate(
      budgets: postgres.map { VisitBudgets($0, settings) }, backlog: backlog, role: role)
    let orphans = OrphanVisits(journal, settings, meter: meter)
    let misses = Misses(lookup, orphans, settings, meter: meter)
    let redirect = Redirect(
      lookup: lookup, places: PlaceFinder(settings, log: log), gate: gate, misses: misses,
      journal: journal, settings, meter: meter)

    var router = Router<Handler>(slugs: settings.slugForm)
    if role == .retries || role == .all { refusePathsOfAPI(&router, meter) }
    let pixel = TrackingPixel(lookup, journal: journal, role: role, meter: meter)
    // Redirects come first, unless a slug could be such a path.
    if router.slugs == .oneSegment {
      router.on(.get, .head, at: .segment(after: "/"), .each(redirect.answer))
    }
    router.on(.get, .head, at: .template("/{shortCode}/track"), .each(pixel.answer))
    if router.slugs == .segments {
      router.on(.get, .head, at: .segment(after: "/"), .each(redirect.answer))
    }
    try Worker(
      router: router, meter: meter, connections: settings.workerConnections, backlog: backlog,
      answerLost: misses.answer, log: log, afterAnswer: { _ in cache.flush() }
    ) {
      cache.tick()
      postgres?.tick()
      watch.tick()
      orphans.tick()
    }.serve()
    orphans.flush()
  }

  /// Refuses what nginx brings to the retry workers by the site of an earlier release.
  ///
  /// It would pass for codes that no link has.
  private static func refusePathsOfAPI(_ router: inout Router<Handler>, _ meter: Meter) {
    let refusal = meter.counting(.none) { _, _ throws(RoutingFailure) in throw .servedByAPI }
    router.on(.get, .head, .post, at: .exact("/shorten"), refusal)
    router.on(.get, .head, .post, at: .exact("/health"), refusal)
    router.on(.get, .head, .post, at: .exact("/metrics"), refusal)
  }

  /// Refuses the API's socket, where it would answer 404.
  ///
  /// The sections of earlier releases start the shortener there.
  private static func refuseSocketOfAPI(_ role: ShortenerRole) throws(SettingError) {
    guard SocketPlace()?.name == "shortener-api.sock" else { return }
    throw SettingError(
      name: Setting.shortenerRole.name, value: role.rawValue, expected: ShortenerRole.expectation)
  }
}

extension ShortenerRole {
  /// Under which name a process of this role counts.
  fileprivate var counted: Role {
    switch self {
    case .all, .redirects: .redirects
    case .lookups: .lookups
    case .retries: .retries
    }
  }
}
