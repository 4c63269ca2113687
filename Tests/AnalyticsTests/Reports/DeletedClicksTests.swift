import Access
import ClickHouse
import EngineSupport
import Postgres
import Web
import XCTest

@testable import Analytics

/// Clicks that many deletions take.
final class DeletedClicksTests: XCTestCase {
  private func clicks(
    _ scene: VisitScene, _ query: [(String, String)], for caller: Caller = .operator
  ) throws -> Int {
    try scene.list(GetAnalytics(), [:], query, for: caller).items[0].part.total.clicks
  }

  func testAsManyDeletionsAsAStatementNamesAreLeftOut() throws {
    try Workbench.onBothServers { bench in
      let scene = try VisitScene(bench)
      for number in 1...2 {
        try scene.make(number)
        try scene.visit(
          VisitScene.link(number), "SELECT toUInt32(1774602000) AS second, toUInt8(0) AS bot")
      }
      // The mark of the last batch.
      try scene.visit(0, "SELECT toUInt32(1) AS second, toUInt8(0) AS bot")
      // Those of links with lesser ids, so that the deletion of link 1 comes last.
      let delete = { (first: Int, count: Int) in
        try bench.client.execute(
          """
          INSERT INTO visit_deletions SELECT toUInt64(number), toUInt64(number + \(VisitScene.link(first))),
            'asked', toUInt64(1844674407370955), now() FROM numbers(\(count))
          """)
      }
      try delete(1 - KeptVisits.limit, KeptVisits.limit - 1)
      _ = try scene.list(DeleteLinkVisits(), ["shortCode": "link1"])
      let all = [("interval", "all")]
      XCTAssertEqual(try clicks(scene, all), 1)
      try scene.execute(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, tenant)
        SELECT \(VisitScene.link(2)) - number, 'many' || number, 'https://to.example/', now(), 0
        FROM generate_series(2, \(VisitSet.linkLimit - 1)) AS number
        """)
      try scene.execute("INSERT INTO tenants (id, name) VALUES (1, 'other')")
      XCTAssertEqual(try clicks(scene, all, for: .holder()), 1)
      try delete(3, 1)
      XCTAssertThrowsError(try clicks(scene, all)) {
        XCTAssertEqual(
          ($0 as? AnalyticsFailure)?.problem.type.slug.description, "service-unavailable")
      }
      XCTAssertEqual(try clicks(scene, all, for: .holder()), 1)
      XCTAssertEqual(try clicks(scene, all + [("shortCode", "link2")]), 1)
    }
  }
}
