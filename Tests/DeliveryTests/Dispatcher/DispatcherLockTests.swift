import EngineSupport
import Glibc
import Metrics
import Migrations
import Postgres
import Service
import TestSupport
import XCTest

/// Only one dispatcher is active, and one that takes over loses no change.
final class DispatcherLockTests: XCTestCase {
  func testOneOfTwoIsActiveAndTheOtherTakesOverWhenItStops() throws {
    let bench = try DispatcherBench()
    let (first, second) = try bench.startPair()
    XCTAssertFalse(bench.isActive("b"))
    bench.stop(first)
    try bench.wait("taken over") { bench.isActive("b") }
    try bench.remember("after")
    try bench.change("after")
    try bench.waitUntilForgotten("after")
    bench.stop(second)
  }

  func testOneThatIsFrozenLosesItsPlaceAndStandsByAfterwards() throws {
    let bench = try DispatcherBench()
    let (frozen, other) = try bench.startPair()
    frozen.signal(SIGSTOP)
    try bench.remember("meanwhile")
    try bench.change("meanwhile")
    try bench.waitUntilForgotten("meanwhile")
    try bench.wait("taken over") { bench.isActive("b") }
    frozen.signal(SIGCONT)
    try bench.waitUntilStandingBy("a")
    XCTAssertTrue(bench.isActive("b"))
    XCTAssertFalse(bench.isActive("a"))
    try bench.remember("afterwards")
    try bench.change("afterwards")
    try bench.waitUntilForgotten("afterwards")
    bench.stop(frozen)
    bench.stop(other)
  }

  /// The dispatcher is held at each step by a lock in PostgreSQL or a frozen Redis, and killed there.
  func testOneThatIsKilledBetweenAnyTwoStepsLeavesNothingUnannounced() throws {
    for step in Step.allCases {
      let bench = try DispatcherBench()
      let blocker = try bench.database.admin()
      let killed = try step.hold(bench, blocker)
      bench.kill(killed)
      try step.release(bench, blocker)
      // Whether it was announced already doesn't count: that is noted nowhere.
      try bench.remember("step")
      let next = try bench.start("b")
      try bench.waitUntilForgotten("step")
      try bench.wait("noted after \(step)") { try bench.rows("due_at = '-infinity'") == 0 }
      try bench.remember("step")
      try bench.endRepeatPause()
      try bench.waitUntilForgotten("step")
      try bench.wait("noted twice after \(step)") { try bench.rows("due_at IS NULL") == 2501 }
      try bench.waitUntilTold()
      bench.stop(next)
    }
  }

  func testKillsAtAnyMomentLeaveNothingUnannounced() throws {
    let bench = try DispatcherBench()
    var random = SplitMix64(seed: 13)
    for turn in 0..<25 {
      try bench.remember("turn\(turn)")
      try bench.change("turn\(turn)")
      try bench.change(300, prefix: "others\(turn)x")
      let dispatcher = try bench.start()
      usleep(UInt32.random(in: 0...400_000, using: &random))
      bench.kill(dispatcher)
    }
    let last = try bench.start("b")
    for turn in 0..<25 { try bench.waitUntilForgotten("turn\(turn)") }
    try bench.wait("noted") { try bench.rows("due_at = '-infinity'") == 0 }
    bench.stop(last)
  }

  func testADispatcherThatLosesPostgresGoesOnWhenItIsBack() throws {
    let gate = try AbsentEngine(name: ".s.PGSQL.5432", before: try Self.serverSocket())
    let bench = try DispatcherBench()
    let dsn = bench.database.dsn.replacing(try Self.host(), with: gate.directory)
    let dispatcher = try bench.start("a", ["PG_DISPATCHER_DSN": dsn])
    try bench.wait("active") { bench.isActive() }
    gate.isSilent = true
    try bench.wait("noticed") {
      bench.totals().oldest(.dispatcherLacksPostgres, .dispatcher) != nil
    }
    XCTAssertFalse(bench.isActive())
    try bench.remember("away")
    try bench.change("away")
    gate.isSilent = false
    try bench.waitUntilForgotten("away")
    try bench.wait("active again") {
      bench.isActive() && bench.log().contains("PostgreSQL is back")
        && bench.totals().oldest(.dispatcherLacksPostgres, .dispatcher) == nil
    }
    bench.stop(dispatcher)
  }

  func testAChangeOfAServerThatIsKilledAndStartedAgainIsAnnounced() throws {
    let server = try PrivatePostgres()
    let dsn = server.dsn("swiftlet")
    try Migrator(
      postgres: PostgresMigrations(Settings(Variables(["PG_DSN": dsn]))), others: [],
      directory: ScratchPostgres.migrations
    ).migrate { _ in }
    let bench = try DispatcherBench()
    let dispatcher = try bench.start("a", ["PG_DISPATCHER_DSN": dsn])
    try bench.wait("active") { bench.isActive() }
    try bench.remember("restarted")
    // It sees neither the change nor the end of the server before that is gone.
    dispatcher.signal(SIGSTOP)
    let options = ConnectionOptions(
      dsn: dsn, applicationName: "test", statementTimeoutMilliseconds: 0,
      lockTimeoutMilliseconds: 0)
    try bench.insert(
      ["restarted"], by: Postgres.Connection(options, timeoutMilliseconds: 20_000))
    server.kill()
    dispatcher.signal(SIGCONT)
    try bench.wait("noticed") {
      bench.totals().oldest(.dispatcherLacksPostgres, .dispatcher) != nil
    }
    XCTAssertTrue(try bench.isRemembered("restarted"))
    try server.start()
    try bench.waitUntilForgotten("restarted")
    try bench.wait("active again") { bench.isActive() }
    bench.stop(dispatcher)
  }

  func testADispatcherBeforeTheMigrationSaysWhatToDoAndBeginsAfterIt() throws {
    let bench = try DispatcherBench()
    try bench.execute("ALTER TABLE outbox RENAME TO later")
    let dispatcher = try bench.start()
    try bench.wait("said") { bench.log().contains("run swiftlet migrate") }
    try bench.execute("ALTER TABLE later RENAME TO outbox")
    try bench.remember("then")
    try bench.change("then")
    try bench.waitUntilForgotten("then")
    bench.stop(dispatcher)
  }

  /// A server that takes no writes: a standby, or one whose disk is full.
  func testAPostgresThatRefusesToNoteWhatWasAnnouncedFillsNoLog() throws {
    let bench = try DispatcherBench()
    try bench.execute(
      """
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN RAISE read_only_sql_transaction; END'
      """)
    try bench.execute(
      "CREATE TRIGGER refuse BEFORE UPDATE ON outbox EXECUTE FUNCTION refuse()")
    try bench.change("again")
    let dispatcher = try bench.start()
    for _ in 0..<4 {
      try bench.remember("again")
      try bench.waitUntilForgotten("again")
    }
    let lines = bench.log().split(separator: "\n").filter { !$0.contains("debug") }
    for words in ["active: this", "another Redis", "PostgreSQL fails"] {
      XCTAssertLessThanOrEqual(lines.count { $0.contains(words) }, 1, bench.log())
    }
    try bench.execute("DROP TRIGGER refuse ON outbox")
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.waitUntilTold()
    bench.stop(dispatcher)
  }

  /// The directory of the server's socket, as the stack's DSN names it.
  private static func host() throws -> String {
    let dsn = try TestStack.value("PG_DSN")
    let words = dsn.split { "?& ".contains($0) }
    return try XCTUnwrap(words.first { $0.hasPrefix("host=") }.map { String($0.dropFirst(5)) })
  }

  private static func serverSocket() throws -> String { try host() + "/.s.PGSQL.5432" }
}

/// Where a dispatcher may be killed.
private enum Step: CaseIterable {
  case beforeRead
  case beforeAnnouncement
  case beforeNote
  case beforeCacheIsNoted

  /// Starts a dispatcher that comes to the step and no further.
  func hold(_ bench: DispatcherBench, _ blocker: Postgres.Connection) throws -> ChildProcess {
    func lock(_ table: String, _ mode: String) throws -> ChildProcess {
      try change(bench)
      try blocker.executeScript(
        unsafe: "BEGIN; LOCK TABLE \(table) IN \(mode) MODE", "hold", timeoutMilliseconds: 20_000)
      let dispatcher = try bench.start()
      try bench.wait("held at \(self)") { try Self.waitsForLock(bench) }
      return dispatcher
    }
    switch self {
    case .beforeRead: return try lock("outbox", "ACCESS EXCLUSIVE")
    case .beforeNote: return try lock("outbox", "SHARE")
    case .beforeCacheIsNoted: return try lock("announced_cache", "SHARE")
    case .beforeAnnouncement:
      let dispatcher = try bench.startActive()
      try bench.waitUntilTold()
      bench.redis.freeze()
      try change(bench)
      try bench.wait("held at \(self)") { bench.count(.announcementFailures) > 0 }
      return dispatcher
    }
  }

  private func change(_ bench: DispatcherBench) throws {
    try bench.change("step")
    try bench.change(2500, prefix: "others")
  }

  private static func waitsForLock(_ bench: DispatcherBench) throws -> Bool {
    try bench.text(
      """
      SELECT 'held' FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE NOT granted AND application_name = 'swiftlet-dispatcher'
        AND datname = current_database() LIMIT 1
      """) != nil
  }

  func release(_ bench: DispatcherBench, _ blocker: Postgres.Connection) throws {
    if case .beforeAnnouncement = self { return bench.redis.thaw() }
    try blocker.executeScript(unsafe: "ROLLBACK", "release", timeoutMilliseconds: 20_000)
  }
}
