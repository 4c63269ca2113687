import EngineSupport
import Glibc
import Links
import Management
import Postgres
import Redis
import Service
import Sessions
import TestSupport
import XCTest

/// Both stores of worker numbers, held to the same promises.
final class WorkerLeasesTests: XCTestCase {
  private let wall: Int64 = 90_000_000_000
  private let term: Int64 = 60_000

  override class func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  private struct Granted: Equatable {
    let number: Int
    let last: Int64
    let ceiling: Int64

    init?(_ answer: LeaseAnswer) {
      guard case .granted(let number, let last, let ceiling) = answer else { return nil }
      (self.number, self.last, self.ceiling) = (number, last, ceiling)
    }
  }

  /// Runs the test against Redis, then against PostgreSQL; in each all numbers but one are taken.
  private func forBoth(_ test: (_ mine: any WorkerLeases, _ other: any WorkerLeases) throws -> Void)
    throws
  {
    let redis = try PrivateRedis()
    let direct = try Redis.Connection(
      Address(parsing: redis.url), connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 10_000)
    try redis.endGracePeriod()
    for number in RedisWorkerLeases.numbers where number != 7 {
      _ = try direct.command(
        ["SET", .text("worker_id:\(number)"), "somebody"], timeoutMilliseconds: 10_000)
    }
    try test(try leases(of: redis), try leases(of: redis))

    let database = try ScratchPostgres()
    try database.admin().executeScript(
      unsafe: """
        UPDATE worker_leases SET owner = 'somebody', expires_at = now() + interval '1 hour'
        WHERE number <> 800
        """, "fill", timeoutMilliseconds: 10_000)
    try test(
      PostgresWorkerLeases(try database.session(), timeoutMilliseconds: 10_000),
      PostgresWorkerLeases(try database.session(), timeoutMilliseconds: 10_000))
  }

  func testTwoWhoFightForTheLastNumberNeverHoldItBoth() throws {
    try forBoth { mine, other in
      let first = try XCTUnwrap(
        Granted(mine.acquire(owner: "a", term: term, wall: wall)))
      XCTAssertEqual(first.last, -1)
      XCTAssertEqual(first.ceiling, wall + term)
      XCTAssertEqual(try other.acquire(owner: "b", term: term, wall: wall), .noneFree)
      XCTAssertNil(try other.renew(first.number, owner: "b", term: term, ceiling: wall))
      try other.release(first.number, owner: "b", last: 0)
      XCTAssertEqual(try other.acquire(owner: "b", term: term, wall: wall), .noneFree)

      // A renewal begins a new term, whatever is left of the one before.
      let later = wall + term + 250
      XCTAssertEqual(
        try mine.renew(first.number, owner: "a", term: 10 * term, ceiling: later), later)
      XCTAssertGreaterThan(try left(mine, first.number), term)
      XCTAssertEqual(try mine.renew(first.number, owner: "a", term: 1, ceiling: later), later)

      // Its term over, another has it, and starts after the ceiling though its clock is behind.
      var second: Granted?
      XCTAssertTrue(
        try eventually(seconds: 10) {
          second = Granted(try other.acquire(owner: "b", term: term, wall: wall - 3_600_000))
          return second != nil
        })
      XCTAssertEqual(
        second, Granted(.granted(number: first.number, last: later, ceiling: later + term)))
      XCTAssertNil(try mine.renew(first.number, owner: "a", term: term, ceiling: wall))
      try mine.release(first.number, owner: "a", last: 0)
      XCTAssertEqual(try mine.acquire(owner: "a", term: term, wall: wall), .noneFree)
    }
  }

  func testAReleasedNumberIsFreeAtOnceAndKeepsItsRealLastTimestamp() throws {
    try forBoth { mine, other in
      let first = try XCTUnwrap(
        Granted(mine.acquire(owner: "a", term: term, wall: wall)))
      try mine.release(first.number, owner: "a", last: wall + 3)
      let second = try XCTUnwrap(
        Granted(other.acquire(owner: "b", term: term, wall: wall - 10)))
      XCTAssertEqual(second.last, wall + 3)
      XCTAssertEqual(second.ceiling, wall + 3 + term)
    }
  }

  func testACeilingNeverFalls() throws {
    try forBoth { mine, _ in
      let first = try XCTUnwrap(
        Granted(mine.acquire(owner: "a", term: term, wall: wall)))
      XCTAssertEqual(
        try mine.renew(first.number, owner: "a", term: term, ceiling: wall - 3_600_000),
        first.ceiling)
    }
  }

  func testARedisWithoutMemorySettlesThenStartsAfterTheLatestStoredID() throws {
    let redis = try PrivateRedis()
    let latest = wall + 77
    let leases = try leases(of: redis, latest: latest)
    waitOut(try gracePeriod(of: leases))
    let granted = try XCTUnwrap(Granted(leases.acquire(owner: "a", term: term, wall: wall)))
    XCTAssertEqual(granted.last, latest)
    XCTAssertEqual(try leases.holders().map(\.number), [granted.number])
  }

  func testARedisThatLostAGrantInARestartGivesNoNumberForATerm() throws {
    let redis = try PrivateRedis()
    try redis.endGracePeriod()
    let (holder, rival) = (try leases(of: redis), try leases(of: redis))
    let kept = try XCTUnwrap(Granted(holder.acquire(owner: "kept", term: term, wall: wall)))
    try redis.command("SAVE")
    let lost = try XCTUnwrap(Granted(holder.acquire(owner: "lost", term: term, wall: wall)))
    redis.kill()
    try redis.start()
    let left = try gracePeriod(of: rival)
    XCTAssertNil(try holder.renew(lost.number, owner: "lost", term: term, ceiling: wall))
    XCTAssertEqual(
      try holder.renew(kept.number, owner: "kept", term: term, ceiling: wall), kept.ceiling)
    waitOut(left)
    XCTAssertNotNil(Granted(try rival.acquire(owner: "rival", term: term, wall: wall)))
  }

  private func leases(of redis: PrivateRedis, latest: Int64 = -1) throws -> RedisWorkerLeases {
    let settings = try Settings(
      Variables(["REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "500"]))
    return RedisWorkerLeases(
      try RedisSession(settings, log: .quiet), latestTimestamp: { latest })
  }

  /// What is left of a number's term, in milliseconds.
  private func left(_ leases: any WorkerLeases, _ number: Int) throws -> Int64 {
    let holders =
      try (leases as? RedisWorkerLeases)?.holders() ?? (leases as? PostgresWorkerLeases)?.holders()
    return try XCTUnwrap(holders?.first { $0.number == number }).left
  }

  /// Asks for a number, which must not be given.
  ///
  /// - Returns: The milliseconds until there may be one.
  private func gracePeriod(of leases: RedisWorkerLeases) throws -> Int64 {
    let answer = try leases.acquire(owner: "early", term: 400, wall: wall)
    guard case .gracePeriod(let left) = answer else {
      XCTFail("\(answer)")
      return 0
    }
    XCTAssertTrue((1...400).contains(left))
    return left
  }

  private func waitOut(_ milliseconds: Int64) { usleep(UInt32(milliseconds) * 1000 + 20_000) }
}
