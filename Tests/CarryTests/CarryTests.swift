import Carry
import ClickHouse
import EngineSupport
import Foundation
import XCTest

/// Clicks of earlier releases, brought into the tables by link.
final class CarryTests: XCTestCase {
  private func onBothServers(rows: Int, _ test: (OldClicks) throws -> Void) throws {
    try Workbench.onBothServers(migratedTo: 3) { try test(OldClicks($0, rows: rows)) }
  }

  private func exists(_ table: String, _ bench: Workbench) throws -> Bool {
    try bench.number("EXISTS TABLE \(identifier: table)") == 1
  }

  func testEachClickIsThereOnceUnderItsLinkAndEachCountUnderItsScope() throws {
    let rows = Int(ProcessInfo.processInfo.environment["CARRY_ROWS"] ?? "") ?? 200_000
    try onBothServers(rows: rows) { old in
      let range = max(2000, rows / 40)
      XCTAssertEqual(try old.carry(rangeRows: range).run(), .kept)
      try old.assertAllIsCarried()
      // Again there is nothing to do but to drop the old tables.
      XCTAssertEqual(try old.carry(keep: false).run(), .complete)
      XCTAssertEqual(try old.bench.number("SELECT count() FROM visits"), old.rows)
      let rest = ["clicks_before", "clicks_by_link", "clicks_by_day", "clicks_by_referrer"]
      for table in rest + ["link_names"] { XCTAssertFalse(try exists(table, old.bench), table) }
      XCTAssertEqual(try old.bench.gates(), [])
      XCTAssertEqual(try old.bench.views(), 0)
      XCTAssertEqual(try old.carry(keep: false).run(), .nothing)
    }
  }
}
