import Glibc
import TestSupport
import XCTest

@testable import Delivery

/// A dispatcher that can't reach Redis doesn't keep others, which may, from announcing.
final class LockTurnTests: XCTestCase {
  func testItLooksForOthersOnceAllHasFailedForTenSecondsAndThenOnceASecond() {
    var turn = LockTurn()
    var looks: [Int64] = []
    for now in stride(from: Int64(0), to: 14_000, by: 200) {
      turn.note(cacheFails: true, at: now)
      if turn.looksForOthers(at: now) { looks.append(now) }
    }
    XCTAssertEqual(looks, [10_000, 11_000, 12_000, 13_000])
  }

  func testOneAnnouncementInBetweenBeginsTheTimeAnew() {
    var turn = LockTurn()
    turn.note(cacheFails: true, at: 0)
    turn.note(cacheFails: false, at: 9000)
    XCTAssertFalse(turn.looksForOthers(at: 20_000))
    turn.note(cacheFails: true, at: 20_000)
    XCTAssertFalse(turn.looksForOthers(at: 29_999))
    XCTAssertTrue(turn.looksForOthers(at: 30_000))
  }

  func testWhoGaveTheLockUpLeavesItForFiveSeconds() {
    var turn = LockTurn()
    XCTAssertTrue(turn.mayTakeLock(at: 0))
    turn.note(cacheFails: true, at: 0)
    turn.rest(at: 10_000)
    XCTAssertFalse(turn.mayTakeLock(at: 14_999))
    XCTAssertTrue(turn.mayTakeLock(at: 15_000))
    XCTAssertFalse(turn.looksForOthers(at: 15_000), "its next turn is as long as the first")
  }

  func testAnotherDispatcherTakesOverFromOneThatHasNoRedis() throws {
    let bench = try DispatcherBench()
    let cut = try bench.start("a", ["REDIS_URL": "unix:///nonexistent/redis.sock"])
    try bench.wait("active") { bench.isActive("a") }
    try bench.remember("waits")
    try bench.change("waits")
    let other = try bench.start("b")
    try bench.waitUntilStandingBy("b")
    try bench.waitUntilForgotten("waits")
    try bench.wait("taken over") { bench.isActive("b") && !bench.isActive("a") }
    XCTAssertTrue(bench.log("a").contains("another dispatcher has its turn"), bench.log("a"))
    // The other keeps it, and both know who is there when it stops.
    bench.stop(other)
    try bench.wait("active again") { bench.isActive("a") }
    bench.stop(cut)
  }

  /// Neither reaches Redis until it comes for one of them.
  func testDispatchersWithoutRedisTakeTurnsAndFillNoLog() throws {
    let bench = try DispatcherBench()
    let directory = try ScratchDirectory("turns")
    let path = directory("later.sock")
    func start(_ host: String) throws -> ChildProcess {
      try bench.start(host, ["REDIS_URL": "unix://" + path])
    }
    let first = try start("a")
    try bench.wait("active") { bench.isActive("a") }
    let dispatchers = [first, try start("b")]
    for host in ["b", "a", "b"] { try bench.wait("\(host)'s turn") { bench.isActive(host) } }
    XCTAssertEqual(symlink(bench.redis.socket, path), 0)
    try bench.remember("waits")
    try bench.change("waits")
    try bench.waitUntilForgotten("waits")
    for host in ["a", "b"] {
      let lines = bench.log(host).split(separator: "\n").filter { !$0.contains("debug") }
      for words in ["active: this", "standing by", "has its turn", "told of changes of links"] {
        XCTAssertLessThanOrEqual(lines.count { $0.contains(words) }, 2, bench.log(host))
      }
    }
    for dispatcher in dispatchers { bench.stop(dispatcher) }
  }
}
