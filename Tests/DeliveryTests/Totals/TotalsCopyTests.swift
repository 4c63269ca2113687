import EngineSupport
import Metrics
import Postgres
import TestSupport
import XCTest

/// The visits of links, as the active dispatcher copies them from ClickHouse into PostgreSQL.
final class TotalsCopyTests: XCTestCase {
  func testTotalsFollowEachBatchAndCountBotsApart() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<2)
    let dispatcher = try bench.startActive()
    try bench.waitForVisits(of: 0, "1 0")
    try clicks.store(1..<3, withBots: true)
    try bench.waitForVisits(of: 1, "3 1")
    try bench.waitForVisits(of: 2, "2 1")
    try bench.waitForVisits(of: 0, "1 0")
    bench.stop(dispatcher)
  }

  func testADispatcherThatWasAwayCopiesWhatCameMeanwhileAndNothingElse() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<1)
    let first = try bench.startActive()
    try bench.waitForMark(1)
    bench.kill(first)
    try clicks.store(1..<2)
    try clicks.store(1..<3)
    // A total that nobody asked to be copied again.
    try bench.execute("UPDATE link_visits SET total = 7 WHERE link = \(CountedClicks.link(0))")
    let second = try bench.startActive()
    try bench.waitForMark(3)
    try bench.waitForVisits(of: 1, "2 0")
    try bench.waitForVisits(of: 2, "1 0")
    try bench.waitForVisits(of: 0, "7 0")
    bench.stop(second)
  }

  func testMoreLinksThanAPageHasAreCopied() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<4500)
    let dispatcher = try bench.startActive()
    try bench.waitForMark(1)
    XCTAssertEqual(try bench.visitedLinks(), "4500 4500")
    try clicks.store(100..<4600)
    try bench.waitForMark(2)
    XCTAssertEqual(try bench.visitedLinks(), "4600 9000")
    bench.stop(dispatcher)
  }

  func testAnotherDatabaseReplacesAllTotals() throws {
    let bench = try DispatcherBench()
    let before = try CountedClicks()
    try before.store(0..<3)
    try before.store(0..<3)
    let first = try bench.start("a", ["CLICKHOUSE_URL": before.url])
    try bench.waitForMark(2)
    bench.stop(first)
    let restored = try CountedClicks()
    try restored.store(2..<4)
    let second = try bench.start("a", ["CLICKHOUSE_URL": restored.url])
    try bench.waitForMark(1)
    XCTAssertEqual(try bench.visitedLinks(), "2 2")
    bench.stop(second)
  }

  func testTotalsFollowADeletionOfVisits() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<2)
    let dispatcher = try bench.startActive()
    try bench.waitForVisits(of: 0, "1 0")
    try clicks.delete(0)
    try bench.waitForVisits(of: 0, "0 0")
    try bench.waitForVisits(of: 1, "1 0")
    bench.stop(dispatcher)
  }

  func testADeletionIsCopiedHoweverLongAgoAndOnlyOnce() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<2)
    let first = try bench.startActive()
    try bench.waitForMark(1)
    bench.kill(first)
    try clicks.delete(0, at: 1_700_000_000)
    let second = try bench.startActive()
    try bench.waitForVisits(of: 0, "0 0")
    try clicks.store(1..<2)
    try clicks.store(1..<2)
    try bench.waitForMark(3)
    // A total that nobody asked to be copied again.
    try bench.execute("UPDATE link_visits SET total = 7 WHERE link = \(CountedClicks.link(0))")
    try clicks.store(1..<2)
    try bench.waitForMark(4)
    try bench.waitForVisits(of: 0, "7 0")
    bench.stop(second)
  }

  func testCountsFromBeforeTheSeamAreAddedOnceTheyAreCarried() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<1)
    let dispatcher = try bench.startActive()
    try bench.waitForVisits(of: 0, "1 0")
    try clicks.carry(5, of: 0)
    try bench.waitForVisits(of: 0, "6 0")
    bench.stop(dispatcher)
  }

  func testALockOfTotalsCostsTheActiveDispatcherNothingButThem() throws {
    let clicks = try CountedClicks()
    let bench = try DispatcherBench(["CLICKHOUSE_URL": clicks.url])
    try clicks.store(0..<1)
    let dispatcher = try bench.startActive()
    try bench.waitForMark(1)
    let locker = try bench.database.admin()
    _ = try locker.executeOnce("BEGIN", "lock", timeoutMilliseconds: 20_000)
    _ = try locker.executeOnce("LOCK TABLE link_visits", "lock", timeoutMilliseconds: 20_000)
    try clicks.store(0..<1)
    try bench.wait("refused twice") { bench.count(.totalsFailures) > 1 }
    try bench.remember("changed")
    try bench.change("changed")
    try bench.waitUntilForgotten("changed")
    XCTAssertFalse(bench.log().contains("PostgreSQL fails"), bench.log())
    _ = try locker.executeOnce("ROLLBACK", "lock", timeoutMilliseconds: 20_000)
    try bench.waitForVisits(of: 0, "2 0")
    bench.stop(dispatcher)
  }

  func testChangesAreAnnouncedWhileClickHouseIsAway() throws {
    let bench = try DispatcherBench(["CLICKHOUSE_URL": "http://127.0.0.1:1/none"])
    let dispatcher = try bench.startActive()
    try bench.wait("failed") { bench.count(.totalsFailures) > 0 }
    try bench.remember("changed")
    try bench.change("changed")
    try bench.waitUntilForgotten("changed")
    bench.stop(dispatcher)
  }
}

extension DispatcherBench {
  /// Waits until a link has these visits: all, and those of bots.
  fileprivate func waitForVisits(of number: Int, _ visits: String) throws {
    try wait("visits of \(number): \(visits)") {
      try text(
        """
        SELECT total || ' ' || bots FROM link_visits WHERE link = \(CountedClicks.link(number))
        """) == visits
    }
  }

  /// Waits until all batches to this one are copied.
  fileprivate func waitForMark(_ batch: Int64) throws {
    try wait("batch \(batch)") {
      try text("SELECT 'copied' FROM link_visits WHERE link = 0 AND total = \(batch)") != nil
    }
  }

  /// How many links have visits, and how many these are.
  fileprivate func visitedLinks() throws -> String? {
    try text("SELECT count(*) || ' ' || sum(total) FROM link_visits WHERE link > 0")
  }
}
