package import Logging
package import Metrics
import Postgres
package import Service

/// Announces the changes of links that the outbox has, so that every cache of every host forgets them.
///
/// The writer of a change also announces it, but can't know that the announcement arrived. One
/// dispatcher of all hosts is active. The others stand by, and show in their metrics what waits.
package final class Dispatcher {
  private static let standbyMilliseconds = 1000
  private static let failureMilliseconds = 500
  private static let measuringMilliseconds: Int64 = 1000

  private let settings: DispatcherSettings
  private let log: Logger
  private let meter: Meter
  private let session: DispatcherSession
  private let cache: CacheSession
  private let others: [any ActiveWork]
  /// Told whether this dispatcher is the active one, when that changes.
  private let tellActive: (Bool) -> Void
  /// Set while this dispatcher is the active one.
  private var announcer: Announcer?
  /// Which state was logged last; each is logged once, however often an active dispatcher must
  /// begin again.
  private var isSaidActive: Bool?
  private var measureAt: Int64 = 0
  private var failingSince: Int64?
  private var cacheFailingSince: Int64?
  private var lockTurn = LockTurn()
  /// Whether it has given the lock up and hasn't reached Redis since.
  private var lacksCache = false

  /// - Parameters:
  ///   - settings: The addresses of PostgreSQL and Redis.
  ///   - others: Other work of the active dispatcher, over the session that has the lock.
  ///   - log: Gets failures and recoveries.
  ///   - meter: Counts announcements, and shows what waits.
  ///   - tellActive: Told whether this dispatcher is the active one, for other work that one host does.
  /// - Throws: When REDIS_URL can't be read.
  package init(
    _ settings: Settings, others: [any ActiveWork], log: Logger, meter: Meter,
    tellActive: @escaping (_ isActive: Bool) -> Void = { _ in }
  ) throws(SettingError) {
    self.settings = DispatcherSettings(settings)
    self.log = log
    self.meter = meter
    session = DispatcherSession(self.settings.postgres)
    cache = try CacheSession(self.settings, log: log)
    self.tellActive = tellActive
    self.others = others
  }

  /// Works until it is asked to stop.
  package func run() {
    log.info("ready")
    while !Signals.stopRequested {
      let pause = turn(at: SystemClock.bootMilliseconds())
      if pause > 0 { Pause.untilStop(milliseconds: pause) }
    }
    retire()
    session.close()
    log.info("stopped")
  }

  /// Does the work that is due now.
  ///
  /// - Returns: How long to wait for the next turn, in milliseconds.
  private func turn(at now: Int64) -> Int {
    meter.set(.ticked, Int(now))
    do throws(PostgresError) {
      let isActive = lockTurn.mayTakeLock(at: now) ? try session.takeLock() : false
      let pause = isActive ? try act(at: now) : standBy()
      try measure(at: now)
      noteAnswered()
      return pause
    } catch {
      noteFailed(error)
      return Self.failureMilliseconds
    }
  }

  private func act(at now: Int64) throws(PostgresError) -> Int {
    let isBusy = try session.ask { table throws(PostgresError) in
      try current(table).round(table, at: now)
    }
    if isBusy != nil { lacksCache = false }
    say(isActive: true, .notice, "active: this dispatcher announces the changes of links")
    note(cacheFails: isBusy == nil)
    lockTurn.note(cacheFails: isBusy == nil, at: now)
    if lockTurn.looksForOthers(at: now), try session.hasOthers() { giveUpLock() }
    let isOtherwiseBusy = try doOthers(at: now)
    return isBusy == true || isOtherwiseBusy ? 0 : DispatcherSettings.roundMilliseconds
  }

  /// Does a piece of each other work, unless the lock was given up.
  ///
  /// - Returns: Whether there is more to do at once.
  private func doOthers(at now: Int64) throws(PostgresError) -> Bool {
    var isBusy = false
    for work in others where session.isActive {
      if try session.perform(work, at: now) { isBusy = true }
    }
    return isBusy
  }

  /// Gives the lock up, so that another dispatcher, which may reach Redis, can take it.
  private func giveUpLock() {
    retire()
    session.close()
    // The turn may have taken seconds.
    lockTurn.rest(at: SystemClock.bootMilliseconds())
    if !lacksCache {
      log.warning("Redis can't be told of changes from here: another dispatcher has its turn")
    }
    lacksCache = true
  }

  /// The announcer, made when the lock is taken.
  private func current(_ table: OutboxTable) throws(PostgresError) -> Announcer {
    if let announcer { return announcer }
    let begun = try Announcer(
      table, cache, keptSeconds: settings.keptSeconds, isFailing: lacksCache, log: log,
      meter: meter)
    announcer = begun
    tellActive(true)
    meter.set(.isDispatching, 1)
    return begun
  }

  private func standBy() -> Int {
    meter.set(.isDispatching, 0)
    say(isActive: false, .info, "standing by: another dispatcher is active")
    return Self.standbyMilliseconds
  }

  private func say(isActive: Bool, _ level: Logger.Level, _ words: Logger.Message) {
    if isSaidActive != isActive { log.log(level: lacksCache ? .debug : level, words) }
    isSaidActive = isActive
  }

  /// Ends the work that needs the lock.
  private func retire() {
    announcer = nil
    tellActive(false)
    for work in others { work.reset() }
    cache.close()
    meter.set(.isDispatching, 0)
    note(cacheFails: false)
    lockTurn.note(cacheFails: false, at: 0)
  }

  /// Measures the backlog once a second, for the metrics, also while standing by.
  private func measure(at now: Int64) throws(PostgresError) {
    guard now >= measureAt else { return }
    measureAt = now + Self.measuringMilliseconds
    let backlog = try session.ask { table throws(PostgresError) in try table.backlog() }
    meter.set(.changesDue, backlog.rows)
    meter.set(
      .changeDue, backlog.ageMilliseconds.map { SystemClock.milliseconds() - max(0, $0) })
  }

  private func note(cacheFails: Bool) {
    guard cacheFails != (cacheFailingSince != nil) else { return }
    cacheFailingSince = cacheFails ? SystemClock.milliseconds() : nil
    meter.set(.dispatcherLacksRedis, cacheFailingSince)
  }

  private func noteAnswered() {
    guard failingSince != nil else { return }
    failingSince = nil
    meter.set(.dispatcherLacksPostgres, nil)
    log.notice("PostgreSQL is back")
  }

  /// The session is closed, and with it the lock is released.
  private func noteFailed(_ error: PostgresError) {
    if announcer != nil { retire() }
    guard failingSince == nil else { return }
    failingSince = SystemClock.milliseconds()
    meter.set(.dispatcherLacksPostgres, failingSince)
    log.error(
      error.isOfAnotherSchema
        ? "PostgreSQL lacks a table or a right: run swiftlet migrate; nothing is announced from here"
        : "PostgreSQL fails: this dispatcher announces nothing",
      metadata: ["error": "\(error.debugDescription)"])
  }
}
