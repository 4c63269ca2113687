import Access
import ClickHouse
import EngineSupport
import XCTest

@testable import Analytics

/// The hosts that clicks came from, where some sent bots alone.
final class ReportReferrersTests: XCTestCase {
  func testAHostOfBotsAloneIsToldOnlyAmongBots() throws {
    try Workbench.onBothServers { bench in
      let scene = try VisitScene(bench)
      try scene.make(1)
      // Half of the hosts and the visits without one are of bots alone.
      try scene.visit(
        VisitScene.link(1),
        """
        SELECT toUInt32(1774602000) AS second, toUInt8(number % 2) AS bot,
          if(number = 1, '', concat('h', toString(number), '.example')) AS referrer_host FROM numbers(10)
        """, ", referrer_host")
      let query = [("shortCode", "link1"), ("interval", "all"), ("breakdowns", "referrer")]
      let people = try XCTUnwrap(try scene.list(GetAnalytics(), [:], query).items[0].referrers)
      XCTAssertEqual(people.distinct, 5)
      XCTAssertEqual(
        people.rows.map(\.host), [0, 2, 4, 6, 8].map { "h\($0).example" })
      XCTAssertEqual(people.direct, ReportCounts(clicks: 0, bots: 1))
      XCTAssertEqual(people.other, ReportCounts(clicks: 0, bots: 4))
      let all = try XCTUnwrap(
        try scene.list(GetAnalytics(), [:], query + [("excludeBots", "false")]).items[0].referrers)
      XCTAssertEqual(all.distinct, 9)
      XCTAssertEqual(all.rows.count, 9)
      XCTAssertEqual(all.other, ReportCounts())
    }
  }
}
