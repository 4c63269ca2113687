import Links
import Logging
import Metrics
import Postgres
import Service
import Sessions

/// The work of the active dispatcher while it holds the lock.
///
/// It announces rows that are due, announces all kept rows to another Redis, and deletes old rows.
///
/// Every announcement may be repeated. So a row is noted as announced only afterwards, and the next
/// active dispatcher begins with the rows that aren't noted.
final class Announcer {
  private static let cleaningMilliseconds: Int64 = 10_000

  private let cache: CacheSession
  private let keptSeconds: Int
  private let log: Logger
  private let meter: Meter
  /// The Redis that got all kept rows, by PostgreSQL; empty for none.
  private var announcedCache: String
  private var reannouncement: Reannouncement?
  private var cleanAt: Int64 = 0
  private var isFailing: Bool

  /// - Parameters:
  ///   - table: The outbox.
  ///   - cache: The session with Redis.
  ///   - keptSeconds: How long a row is kept.
  ///   - isFailing: Whether Redis failed when this dispatcher had the lock before, which was logged then.
  ///   - log: Gets failures.
  ///   - meter: Counts announcements.
  /// - Throws: When PostgreSQL can't say which Redis got all rows.
  init(
    _ table: OutboxTable, _ cache: CacheSession, keptSeconds: Int, isFailing: Bool, log: Logger,
    meter: Meter
  ) throws(PostgresError) {
    announcedCache = try table.announcedCache() ?? ""
    self.cache = cache
    self.keptSeconds = keptSeconds
    self.isFailing = isFailing
    self.log = log
    self.meter = meter
  }

  /// Announces a page of due rows, then does a page of each other work.
  ///
  /// So new rows never wait for more than one page of others.
  ///
  /// - Returns: Whether there is more to do at once; nil when Redis fails.
  /// - Throws: When PostgreSQL fails.
  func round(_ table: OutboxTable, at now: Int64) throws(PostgresError) -> Bool? {
    guard try followCache(table, at: now), let isFull = try announceDue(table),
      let isAgain = try announceKept(table, at: now)
    else { return nil }
    noteTold()
    let isCleaning = try clean(table, at: now)
    return isFull || isAgain || isCleaning
  }

  /// - Returns: Whether there may be more; nil when Redis fails.
  private func announceDue(_ table: OutboxTable) throws(PostgresError) -> Bool? {
    let page = try table.due()
    guard !page.ids.isEmpty else { return false }
    guard announce(page) else { return nil }
    try table.noteAnnounced(page.ids)
    meter.add(.announcedChanges, page.ids.count)
    return page.mayHaveSuccessors
  }

  private func announce(_ page: OutboxPage) -> Bool {
    trying { () throws(StoreError) in try cache.announce(page.keys) } != nil
  }

  /// Runs a request to Redis; nil when it failed.
  private func trying<Result>(_ body: () throws(StoreError) -> Result) -> Result? {
    do throws(StoreError) {
      return try body()
    } catch {
      noteFailed(error)
      return nil
    }
  }

  /// The first failure is logged with its cause: a Redis that answers and refuses shows nowhere
  /// else.
  private func noteFailed(_ error: StoreError) {
    meter.add(.announcementFailures)
    log.log(
      level: isFailing ? .debug : .warning, "Redis can't be told of changes of links",
      metadata: ["error": "\(error.debugDescription)"])
    isFailing = true
  }

  private func noteTold() {
    if isFailing { log.notice("Redis is told of changes of links again") }
    isFailing = false
  }

  /// Deletes a page of each table's old rows when it is time to.
  ///
  /// - Returns: Whether there may be more of them.
  private func clean(_ table: OutboxTable, at now: Int64) throws(PostgresError) -> Bool {
    guard now >= cleanAt else { return false }
    let isFull = [
      try table.deleteOld(keepingSeconds: keptSeconds), try table.deleteOldUnits(),
      try table.deleteOldSpentVisits(),
    ]
    if isFull.contains(true) { return true }
    cleanAt = now + Self.cleaningMilliseconds
    return false
  }
}

// MARK: - Another Redis

extension Announcer {
  /// Begins to announce all kept rows when another Redis answers than the one that got them.
  ///
  /// - Returns: Whether Redis answers.
  private func followCache(_ table: OutboxTable, at now: Int64) throws(PostgresError) -> Bool {
    let answer = trying { () throws(StoreError) in try cache.identity(at: now) }
    guard let answer else { return false }
    try begin(with: answer, table, at: now)
    return true
  }

  /// Begins to announce all kept rows, unless this Redis got them or is getting them.
  ///
  /// From here on rows are announced to this Redis and noted. The previous Redis lacks them, should
  /// it come back. So it is noted first that no Redis got all of them.
  private func begin(
    with identity: CacheIdentity?, _ table: OutboxTable, at now: Int64
  ) throws(PostgresError) {
    guard let identity, identity.description != announcedCache,
      identity != reannouncement?.identity
    else { return }
    if !announcedCache.isEmpty { try table.setAnnouncedCache("") }
    announcedCache = ""
    reannouncement = Reannouncement(to: identity, at: now)
  }

  /// Announces a page of the kept rows, when another Redis needs them.
  ///
  /// - Returns: Whether there is more to do; nil when Redis fails.
  private func announceKept(_ table: OutboxTable, at now: Int64) throws(PostgresError) -> Bool? {
    guard var current = reannouncement else { return false }
    let page = try table.kept(below: current.end)
    guard !page.ids.isEmpty else { return try finish(current, table, at: now) }
    guard announce(page) else { return nil }
    if current.rows == 0 {
      log.notice(
        "another Redis: all changes that are kept are announced to it",
        metadata: ["redis": "\(current.identity)"])
    }
    current.advance(past: page)
    meter.add(.reannouncedChanges, page.ids.count)
    if current.reportIsDue(at: now) {
      log.info("announced again so far", metadata: ["rows": "\(current.rows)"])
    }
    reannouncement = current
    return true
  }

  /// Notes that all rows were announced, unless yet another Redis answers by now.
  ///
  /// - Returns: Whether there is more to do at once; nil when Redis fails.
  private func finish(
    _ done: Reannouncement, _ table: OutboxTable, at now: Int64
  ) throws(PostgresError) -> Bool? {
    guard let answer = trying({ () throws(StoreError) in try cache.askIdentity(at: now) }) else {
      return nil
    }
    guard answer == done.identity else {
      try begin(with: answer, table, at: now)
      // A Redis without an identity may state it later.
      return answer != nil
    }
    try table.setAnnouncedCache(done.identity.description)
    announcedCache = done.identity.description
    reannouncement = nil
    log.notice(
      "all changes that are kept are announced to this Redis",
      metadata: ["redis": "\(done.identity)", "rows": "\(done.rows)"])
    return false
  }
}
