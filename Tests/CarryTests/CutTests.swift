import ClickHouse
import EngineSupport
import XCTest

@testable import Carry

/// How a day is cut into ranges, and a carry's pace.
final class CutTests: XCTestCase {
  /// Half of the day's clicks are one link's of three seconds; the limit is below the usual gap.
  func testNoInsertIsAboveTheLimit() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 4000)
      try bench.client.execute("SYSTEM STOP MERGES visits")
      XCTAssertEqual(try old.carry(rangeRows: 6400, rowLimit: 150).run(), .kept)
      let parts: SQL = """
        FROM system.parts WHERE active AND database = currentDatabase() AND table = 'visits'
        """
      XCTAssertLessThanOrEqual(try bench.number("SELECT max(rows) \(parts)"), 150)
      XCTAssertGreaterThan(try bench.number("SELECT max(rows) \(parts)"), 50)
      try old.assertAllIsCarried()
    }
  }

  func testRowsThatNothingTellsApartAreNamedWhenTheyAreTooMany() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 4000)
      try bench.client.execute(
        """
        INSERT INTO clicks_before (short_code, batch, ingest_day)
        SELECT 'same', toUInt64(1), toDate('2025-11-01') FROM system.numbers LIMIT 400
        """)
      XCTAssertThrowsError(try old.carry(rangeRows: 3200, rowLimit: 300).run()) { error in
        XCTAssertTrue("\(error)".contains("2025-11-01 that are the same"), "\(error)")
      }
      XCTAssertEqual(try bench.number("SELECT count() FROM clicks_before"), old.rows + 401)
    }
  }

  func testThePaceIsKeptOverRangesOfAnySize() {
    var pace = Pace(rate: 1000)
    XCTAssertEqual(pace.rows(limit: 250_000), 5000)
    XCTAssertEqual(pace.pause(after: 5000, since: 100, at: 600), 4500)
    // It came late, and is not made up for.
    XCTAssertEqual(pace.pause(after: 1000, since: 9000, at: 9500), 500)
    XCTAssertEqual(pace.pause(after: 1000, since: 10_000, at: 12_000), 0)
    var unlimited = Pace(rate: 0)
    XCTAssertEqual(unlimited.rows(limit: 250_000), 250_000)
    XCTAssertEqual(unlimited.pause(after: 250_000, since: 0, at: 0), 0)
    XCTAssertEqual(Pace(rate: 1).rows(limit: 9), 5)
  }
}
