import Carry
import ClickHouse
import EngineSupport
import Glibc
import Postgres
import TestSupport
import XCTest

/// Carries of two hosts on one database.
final class TwoCarriesTests: XCTestCase {
  /// A day at a time, which is small, and a pause of seconds after it.
  private let slowly = ["--keep", "--rate", "100"]
  private let fast = ["--keep", "--rate", "0", "--rows", "500"]

  private func wait(for seconds: Double = 30, _ old: OldClicks, _ count: Int) throws -> Bool {
    try eventually(seconds: seconds) {
      try old.bench.number("SELECT count() FROM visits") >= count
    }
  }

  private func endSessions(_ old: OldClicks) throws {
    _ = try old.postgres.admin().executeOnce(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = \(old.postgres.name) AND application_name = 'swiftlet-carry'
      """, "terminate", timeoutMilliseconds: 5000)
  }

  func testTheSecondWaitsUntilTheFirstHasEnded() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 8000)
    let first = try old.start(slowly, log: "first")
    XCTAssertTrue(try wait(old, 1), old.log("first"))
    let second = try old.start(fast, log: "second")
    XCTAssertTrue(
      eventually(seconds: 30) { old.log("second").contains("another carry is at work") },
      old.log("second"))
    XCTAssertEqual(old.log("second").split(separator: "\n").count, 1)
    first.signal(SIGTERM)
    XCTAssertEqual(first.wait(seconds: 30), 130, old.log("first"))
    XCTAssertEqual(second.wait(seconds: 60), 0, old.log("second"))
    try old.assertAllIsCarried()
    XCTAssertFalse(old.log("first").contains("another carry"), old.log("first"))
  }

  /// It stands still between two ranges while PostgreSQL ends its session, so the lock is free.
  func testOneThatStoodStillStoresNothingAfterAnotherHasWorked() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 8000)
      let first = try old.start(slowly, log: "first")
      XCTAssertTrue(try wait(old, 1), old.log("first"))
      first.signal(SIGSTOP)
      try endSessions(old)
      let second = try old.start(fast, log: "second")
      XCTAssertEqual(second.wait(seconds: 60), 0, old.log("second"))
      first.signal(SIGCONT)
      XCTAssertEqual(first.wait(seconds: 60), 0, old.log("first"))
      try old.assertAllIsCarried()
      XCTAssertEqual(try bench.gates().count, 1)
    }
  }

  func testALostLockIsTakenAgainAndNothingIsCarriedTwice() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 40_000)
    let process = try old.start(["--keep", "--rate", "0", "--rows", "250"])
    var count = 0
    for _ in 0..<3 {
      XCTAssertTrue(try wait(old, count + 1), old.log())
      try endSessions(old)
      XCTAssertTrue(
        eventually(seconds: 30) { old.log().contains("ended the session") }, old.log())
      count = try old.bench.number("SELECT count() FROM visits")
    }
    XCTAssertEqual(process.wait(seconds: 120), 0, old.log())
    try old.assertAllIsCarried()
  }
}
