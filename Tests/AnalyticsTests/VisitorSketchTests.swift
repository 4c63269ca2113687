import ClickHouse
import EngineSupport
import Links
import TestSupport
import XCTest

@testable import Analytics
@testable import Visits

/// The visitors that ClickHouse counts, against how many there are.
final class VisitorSketchTests: XCTestCase {
  /// The numbers stand on both sides of where `uniq` begins to sample, and where it has just thinned
  /// out its sample; the clicks come in several batches, so that states are merged.
  func testVisitorsAreRightWithinTheErrorThatIsStated() throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let bench = try Workbench(clickHouse: url)
      let gate = try bench.openGate()
      for visitors in [2048, 60_000, 65_536, 65_540, 131_200, 300_000, 1_000_000] {
        let code = try XCTUnwrap(Slug("v\(visitors)"))
        for batch in 0..<4 {
          try bench.client.execute(
            """
            INSERT INTO \(identifier: gate) (short_code, timestamp, ip_address, referrer, \
            journal, journal_offset, batch, targets)
            SELECT \(code.description), toDateTime(1763841000, 'UTC'), \
            concat('2001:db8::', lower(hex(number))), '', 0, 0, 0, 1 \
            FROM numbers(\(visitors)) WHERE number % 4 = \(batch)
            """)
        }
        let totals = try bench.client.select(StatsQueries.totals(code))
        let counted = try XCTUnwrap(Int(totals[0][1]))
        let error = VisitorSketch.error(of: counted)
        XCTAssertLessThanOrEqual(abs(counted - visitors), error, "\(visitors) on \(url ?? "18.16")")
      }
    }
  }

  func testTheAnswerStatesTheErrorOfWhatItCounted() throws {
    let bench = try Workbench()
    let gate = try bench.openGate()
    let code = try XCTUnwrap(Slug("many"))
    try bench.client.execute(
      """
      INSERT INTO \(identifier: gate) (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets)
      SELECT \(code.description), toDateTime(1763841000, 'UTC'), toString(number), '', 0, 0, 0, 7 \
      FROM numbers(200000)
      """)
    let stats = try StatsStore(bench.settings()).stats(for: code)
    XCTAssertEqual(stats.totalClicks, 200_000)
    XCTAssertNotEqual(stats.uniqueVisitors, 200_000)
    XCTAssertLessThanOrEqual(
      abs(stats.uniqueVisitors - 200_000), stats.uniqueVisitorsError)
  }
}
