import ClickHouse
import EngineSupport
import XCTest

@testable import Analytics

/// Lists of the visits of as many links as one may have.
final class ManyLinksTests: XCTestCase {
  func testVisitsOfTenThousandLinksAreListedAndCountedAfterACarry() throws {
    try Workbench.onBothServers { bench in
      let scene = try VisitScene(bench)
      let first: Int64 = 8_000_000_000_000_000_000
      try bench.client.execute("DROP TABLE IF EXISTS link_totals_before")
      try bench.client.execute(
        """
        CREATE TABLE link_totals_before ENGINE = AggregatingMergeTree ORDER BY scope AS
        SELECT toUInt64(\(first)) AS scope, sumState(toUInt64(1)) AS clicks FROM numbers(2) GROUP BY scope
        """)
      try scene.visit(
        first + 9999, "SELECT 1700000000 + number AS second, toUInt8(0) AS bot FROM numbers(3)")
      let store = try VisitStore(bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "20000"]))
      let links = VisitSet.links((0..<Int64(VisitSet.linkLimit)).map { first + $0 })
      let part = try store.part(of: links, VisitFilter())
      XCTAssertEqual(part.rows.map(\.link), Array(repeating: UInt64(first) + 9999, count: 3))
      XCTAssertEqual(part.total, 5)
      XCTAssertEqual(try store.totals(of: links), VisitTotals.Count(total: 5, bots: 0))
    }
  }
}
