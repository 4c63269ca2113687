import EngineSupport
import Glibc
import Metrics
import Postgres
import TestSupport
import XCTest

/// What the dispatcher does with the rows of the outbox while both engines are there.
final class DispatcherTests: XCTestCase {
  func testAChangeIsForgottenByRedisAndHeardByEverySubscriber() throws {
    let bench = try DispatcherBench()
    let channel = try Subscriber(bench.redis, "short_url_changes:0")
    for slug in ["one", "two", "kept"] { try bench.remember(slug) }
    try bench.redis.command("SET", "short_url@go.example:one", "https://old.example/")
    try bench.change("one", "two", "one")
    try bench.change("one", domain: "go.example")
    let dispatcher = try bench.start()
    for slug in ["one", "two"] { try bench.waitUntilForgotten(slug) }
    try bench.wait("heard") {
      Set(["one", "two", "go.example:one"]).isSubset(of: channel.names)
    }
    XCTAssertTrue(try bench.isRemembered("kept"))
    XCTAssertEqual(try bench.redis.command("EXISTS", "short_url@go.example:one"), "0\n")
    try bench.wait("noted") { try bench.rows("due_at > now() - interval '1 minute'") == 4 }
    bench.stop(dispatcher)
  }

  func testAChangeIsAnnouncedTwiceAndThenKept() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startActive()
    try bench.change("twice")
    try bench.wait("announced once") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.remember("twice")
    // Some fifteen seconds after the first time, by its own clock.
    try bench.waitUntilForgotten("twice")
    try bench.wait("announced twice") { try bench.rows("due_at IS NULL") == 1 }
    XCTAssertEqual(bench.count(.announcedChanges), 2)
    bench.stop(dispatcher)
  }

  func testAChangeThatIsCommittedLateIsAnnounced() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startActive()
    let late = try bench.database.admin()
    try late.executeScript(unsafe: "BEGIN", "begin", timeoutMilliseconds: 20_000)
    try bench.insert(["late"], by: late)
    try bench.change("early")
    try bench.wait("announced") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.endRepeatPause()
    try bench.wait("announced twice") { try bench.rows("due_at IS NULL") == 1 }
    try bench.remember("late")
    try late.executeScript(unsafe: "COMMIT", "commit", timeoutMilliseconds: 20_000)
    try bench.waitUntilForgotten("late")
    bench.stop(dispatcher)
  }

  func testTheOutboxKeepsARowForAsLongAsRedisKeepsALinkAndAnHour() throws {
    let bench = try DispatcherBench(["CACHE_TTL": "100"])
    try bench.change(2500, prefix: "old")
    try bench.change(1500, prefix: "young")
    try bench.change("unannounced")
    try bench.execute(
      """
      UPDATE outbox SET due_at = CASE WHEN slug = 'unannounced' THEN due_at END,
        changed_at = now() - CASE WHEN slug LIKE 'young%' THEN 3650 ELSE 3750 END
          * interval '1 second'
      """)
    let dispatcher = try bench.start()
    try bench.wait("deleted") { try bench.rows("slug LIKE 'old%'") == 0 }
    XCTAssertEqual(try bench.rows("slug LIKE 'young%'"), 1500)
    // However old: it goes once it was announced twice.
    XCTAssertEqual(try bench.rows("slug = 'unannounced'"), 1)
    bench.stop(dispatcher)
  }

  func testANameThatNoProgramTakesHoldsNothingUp() throws {
    let bench = try DispatcherBench()
    try bench.remember("good")
    try bench.change("böse", "a b\n", String(repeating: "x", count: 255), "good")
    let dispatcher = try bench.start()
    try bench.waitUntilForgotten("good")
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 4 }
    bench.stop(dispatcher)
  }

  /// The time between a change and its announcement is printed, not checked.
  func testTenThousandChangesASecondAreAnnouncedAsTheyCome() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startActive()
    let writer = try bench.database.admin()
    var largestBacklog = 0
    let seconds = 4
    for step in 0..<(10 * seconds) {
      let start = ContinuousClock.now
      try bench.change(1000, prefix: "load\(step)x", by: writer)
      largestBacklog = max(largestBacklog, try bench.rows("due_at = '-infinity'"))
      let left = start + .milliseconds(100) - .now
      if left > .zero { usleep(UInt32(left / .microseconds(1))) }
    }
    let total = 10_000 * seconds
    // On a machine that is slow by half: one that fell behind for good would have more.
    XCTAssertLessThan(largestBacklog, total / 2)
    try bench.wait("all announced") { try bench.rows("due_at = '-infinity'") == 0 }
    let delays = try bench.text(
      """
      SELECT 'p50, p99, max: ' || percentile_disc(ARRAY[0.5, 0.99, 1])
        WITHIN GROUP (ORDER BY due_at - interval '15 seconds' - changed_at)::text FROM outbox
      """)
    print("changes are announced after \(delays ?? ""); \(largestBacklog) of \(total) waited")
    bench.stop(dispatcher)
  }

  func testWhatWaitsIsToldByADispatcherThatStandsByToo() throws {
    let bench = try DispatcherBench()
    let active = try bench.startActive()
    let other = try bench.start("b")
    bench.redis.kill()
    try bench.change("waiting")
    for host in ["a", "b"] {
      try bench.wait("told by \(host)") {
        bench.gauge(.changesDue, host) == 1
          && bench.totals(host).oldest(.changeDue, .dispatcher) != nil
      }
    }
    try bench.wait("Redis fails") {
      bench.totals("a").oldest(.dispatcherLacksRedis, .dispatcher) != nil
    }
    XCTAssertNil(bench.totals("b").oldest(.dispatcherLacksRedis, .dispatcher))
    XCTAssertGreaterThan(bench.count(.announcementFailures), 0)
    try bench.redis.start()
    for host in ["a", "b"] {
      try bench.wait("over for \(host)") {
        bench.gauge(.changesDue, host) == 0
          && bench.totals(host).oldest(.changeDue, .dispatcher) == nil
      }
    }
    try bench.wait("Redis is back") {
      bench.totals("a").oldest(.dispatcherLacksRedis, .dispatcher) == nil
    }
    bench.stop(active)
    bench.stop(other)
  }
}
