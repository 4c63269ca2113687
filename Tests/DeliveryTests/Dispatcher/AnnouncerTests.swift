import EngineSupport
import Links
import Metrics
import Postgres
import Service
import TestSupport
import XCTest

@testable import Delivery

/// An announcer, round by round, while another Redis answers.
final class AnnouncerTests: XCTestCase {
  private var bench: DispatcherBench!
  private var pair: RedisPair!
  private var cache: CacheSession!
  private var connection: Postgres.Connection!

  override func setUpWithError() throws {
    bench = try DispatcherBench()
    pair = try RedisPair()
    try pair.replica.command("REPLICAOF", "NO", "ONE")
    let settings = try bench.database.settings(["REDIS_URL": pair.url, "REDIS_TIMEOUT_MS": "1000"])
    cache = try CacheSession(DispatcherSettings(settings), log: .quiet)
    connection = try bench.database.admin()
    // Several pages.
    try bench.change(2500, prefix: "kept")
    try bench.execute("UPDATE outbox SET due_at = NULL")
  }

  override func tearDown() {
    (bench, pair, cache, connection) = (nil, nil, nil, nil)
  }

  private var table: OutboxTable { OutboxTable(connection, timeoutMilliseconds: 60_000) }

  private func announcer() throws -> Announcer {
    try Announcer(table, cache, keptSeconds: 3600, isFailing: false, log: .quiet, meter: Meter())
  }

  /// Rounds until there is nothing to do at once.
  private func finish(_ announcer: Announcer, file: StaticString = #filePath, line: UInt = #line)
    throws
  {
    for _ in 0..<100 {
      guard try round(announcer) else { return }
    }
    XCTFail("it never rests", file: file, line: line)
  }

  /// One round that Redis answers, which may take a while on a busy machine.
  ///
  /// - Returns: Whether there is more to do at once.
  @discardableResult
  private func round(_ announcer: Announcer) throws -> Bool {
    var isBusy: Bool?
    _ = try eventually(seconds: 60) {
      isBusy = try announcer.round(table, at: SystemClock.bootMilliseconds())
      return isBusy != nil
    }
    return try XCTUnwrap(isBusy)
  }

  /// Lets the address lead to another one; connections that stand are closed.
  private func lead(to redis: PrivateRedis) throws {
    if redis === pair.primary { try pair.pointToPrimary() } else { try pair.pointToReplica() }
    cache.close()
  }

  func testARedisThatComesBackAfterAnotherIsToldOfTheChangesThatTheOtherGot() throws {
    for isTakenOver in [false, true] {
      var announcer = try announcer()
      try lead(to: pair.primary)
      try finish(announcer)
      try bench.remember("meanwhile", in: pair.primary)
      try lead(to: pair.replica)
      try bench.change("meanwhile")
      try round(announcer)
      try bench.execute("UPDATE outbox SET due_at = NULL")
      XCTAssertTrue(try bench.isRemembered("meanwhile", in: pair.primary))
      try lead(to: pair.primary)
      if isTakenOver { announcer = try self.announcer() }
      try finish(announcer)
      XCTAssertFalse(try bench.isRemembered("meanwhile", in: pair.primary), "\(isTakenOver)")
      try bench.waitUntilTold(pair.primary)
    }
  }

  func testARedisThatStopsSayingWhichOneItIsGetsNoRoundsWithoutAPause() throws {
    let announcer = try announcer()
    try round(announcer)
    try pair.primary.command("ACL", "SETUSER", "default", "-info")
    try finish(announcer)
    try bench.remember("new", in: pair.primary)
    try bench.change("new")
    try finish(announcer)
    XCTAssertFalse(try bench.isRemembered("new", in: pair.primary))
    try pair.primary.command("ACL", "SETUSER", "default", "+info")
    try finish(announcer)
    try bench.waitUntilTold(pair.primary)
  }
}
