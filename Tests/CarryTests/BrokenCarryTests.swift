import Carry
import ClickHouse
import EngineSupport
import Foundation
import Glibc
import TestSupport
import XCTest

/// A carry that is broken off at any point, and repeatedly.
///
/// Each click is there once all the same, and completed work is not repeated.
final class BrokenCarryTests: XCTestCase {
  /// Ends what the test has begun, and compares.
  private func finish(_ old: OldClicks, _ message: String = "") throws {
    XCTAssertEqual(try old.carry().run(), .kept, message)
    try old.assertAllIsCarried()
    XCTAssertEqual(try old.carry(keep: false).run(), .complete, message)
    XCTAssertEqual(try old.bench.number("SELECT count() FROM visits"), old.rows, message)
  }

  func testKilledAtAnyMomentItGoesOnWhereItWas() throws {
    var random = SplitMix64(seed: 12)
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 100_000)
      var carried = 0
      var kills = 0
      for _ in 0..<15 {
        let process = try old.start(["--keep", "--rate", "0", "--rows", "500"])
        if process.wait(seconds: .random(in: 0.05...1, using: &random)) == nil { kills += 1 }
        process.signal(SIGKILL)
        _ = process.wait(seconds: 10)
        let now = try bench.number("SELECT count() FROM visits")
        XCTAssertGreaterThanOrEqual(now, carried)
        carried = now
      }
      XCTAssertGreaterThan(kills, 0)
      XCTAssertGreaterThan(carried, 0)
      try finish(old)
    }
  }

  /// Runs it until it is killed when it has sent something to an engine so many times; strace counts.
  private func run(_ old: OldClicks, _ arguments: [String], killedAt point: Int) throws -> Int32? {
    try old.start(
      ["--rate", "0", "--rows", "20"] + arguments,
      under: [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=sendto",
        "-e", "inject=sendto:signal=SIGKILL:when=\(point)",
      ]
    ).wait(seconds: 60)
  }

  /// With CARRY_POINTS=1 after each one, else after each seventh from a random one on.
  func testBrokenOffAfterAnyStatementItGoesOnWhereItWas() throws {
    let step = Int(ProcessInfo.processInfo.environment["CARRY_POINTS"] ?? "") ?? 7
    var point = Int.random(in: 1...step)
    while true {
      let old = try OldClicks(Workbench(migratedTo: 3), rows: 200, batchRows: 25)
      let status = try run(old, ["--keep"], killedAt: point)
      try finish(old, "at \(point)")
      if status == 0 { break }
      XCTAssertEqual(status, 137, "at \(point): \(old.log())")
      point += step
    }
    XCTAssertGreaterThan(point, 60)
  }

  func testTheOldTablesGoWhereverTheirEndIsBrokenOff() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 200, batchRows: 25)
    XCTAssertEqual(try old.carry().run(), .kept)
    // As a carry leaves them that stood still meanwhile.
    for rest in ["link_names_7", "link_days_before_7"] {
      try old.bench.client.execute(
        "CREATE TABLE \(identifier: rest) (scope UInt64) ENGINE = MergeTree ORDER BY scope")
    }
    var point = 1
    while try run(old, [], killedAt: point) != 0 { point += 1 }
    XCTAssertGreaterThan(point, 5)
    XCTAssertEqual(try old.carry(keep: false).run(), .nothing)
    XCTAssertEqual(try old.bench.number("SELECT count() FROM visits"), old.rows)
    let tables = try old.bench.client.select("SHOW TABLES").compactMap(\.first)
    XCTAssertEqual(
      tables.filter { $0.hasPrefix("clicks") || $0.hasPrefix("carry") || $0.hasPrefix("link_") },
      [
        "link_days", "link_days_before", "link_referrers", "link_referrers_before", "link_totals",
        "link_totals_before",
      ])
  }
}
