import ClickHouse
import EngineSupport
import Links
import TestSupport
import XCTest

@testable import Analytics
@testable import Visits

/// The visitors that ClickHouse counts, against how many there are.
final class VisitorSketchTests: XCTestCase {
  /// The numbers lie around those at which `uniq` begins to sample, or thins out its sample.
  ///
  /// The clicks come in several batches, some of them before the seam, so that states are merged.
  func testVisitorsAreRightWithinTheErrorThatIsStated() throws {
    let first: Int64 = 384_036_974_793_916_416
    try Workbench.onBothServers { bench in
      func clicks(_ condition: SQL, _ visitors: Int) -> SQL {
        """
        SELECT 1763841000 AS second, concat('2001:db8::', lower(hex(number))) AS address,
          '' AS referrer FROM numbers(\(visitors)) WHERE \(condition)
        """
      }
      let numbers = [2048, 60_000, 65_536, 65_540, 131_200, 300_000, 1_000_000]
      let links = try numbers.map { visitors in
        (
          visitors, try XCTUnwrap(Slug("v\(visitors)")),
          SnowflakeID(rawValue: first + Int64(visitors))
        )
      }
      for (visitors, slug, link) in links {
        // Some visitors come both before and since.
        try bench.countBefore(slug, clicks("number % 4 = 0", visitors))
        try bench.countBefore(slug, clicks("number % 4 = 1", visitors))
        try bench.count(link, clicks("number % 4 IN (1, 2)", visitors), host: "''")
        try bench.count(link, clicks("number % 4 = 3", visitors), host: "''")
      }
      func check(_ phase: OldCounts) throws {
        for (visitors, slug, link) in links {
          let totals = try bench.client.select(StatsQueries(slug, link: link, before: phase).totals)
          let counted = try XCTUnwrap(Int(totals[0][1]))
          let error = VisitorSketch.error(of: counted)
          XCTAssertLessThanOrEqual(
            abs(counted - visitors), error, "\(visitors) \(phase) on \(bench.client.address)")
        }
      }
      try check(.byCode)
      try bench.carryCounts(
        "toUInt64(\(first)) + toUInt64(substring(short_code, 2))")
      try check(.byScope)
    }
  }

  func testTheAnswerStatesTheErrorOfWhatItCounted() throws {
    let bench = try Workbench()
    let code = try XCTUnwrap(Slug("many"))
    let scope = Scope(name: code.description.utf8)
    try bench.count(
      scope,
      """
      SELECT 1763841000 AS second, toString(number) AS address, '' AS referrer
      FROM numbers(200000)
      """, host: "''")
    let stats = try StatsStore(bench.settings()).stats(for: code)
    XCTAssertEqual(stats.totalClicks, 200_000)
    XCTAssertNotEqual(stats.uniqueVisitors, 200_000)
    XCTAssertLessThanOrEqual(
      abs(stats.uniqueVisitors - 200_000), stats.uniqueVisitorsError)
  }
}
