import Carry
import ClickHouse
import EngineSupport
import Migrations
import TestSupport
import XCTest

/// What supervisor/README.md says is to be done about a day that differs.
final class MendedDifferenceTests: XCTestCase {
  func testADayThatDiffersIsCarriedAgainOnceItsCopyIsTakenAway() throws {
    let (deletion, question) = try statements()
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 8000)
      // It passes for a click that is carried, so one of the day is left out.
      try bench.client.execute(
        """
        INSERT INTO visits (link, timestamp, code, weight, batch, ingest_day)
        SELECT 5000000, toDateTime(1762000000, 'UTC'), 'foreign', 1, 3, toDate('2025-11-01')
        """)
      _ = try assertThrows(CarryError.self) { _ = try old.carry().run() }

      let day = deletion.replacingOccurrences(of: "DAY", with: "2025-11-01")
      try bench.client.execute(SQL(unsafe: day))
      XCTAssertTrue(try eventually(seconds: 60) { try bench.number(SQL(unsafe: question)) == 0 })
      XCTAssertEqual(try old.carry().run(), .kept)
      try old.assertAllIsCarried()
    }
  }

  private func statements() throws -> (deletion: String, question: String) {
    let parts = try Repository.text("supervisor/README.md").components(separatedBy: "```sql\n")
    let script = try XCTUnwrap(parts.first { $0.hasPrefix("ALTER TABLE visits DELETE") })
    let statements = SQLScript.statements(in: script.components(separatedBy: "```")[0])
    XCTAssertEqual(statements.count, 2)
    return (statements[0], statements[1])
  }
}
