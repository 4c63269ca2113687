import ClickHouse
import EngineSupport
import Foundation
import Links
import TestSupport
import Visits
import XCTest

@testable import Analytics

/// Statistics while clicks counted by short code become counted by link.
///
/// They run on the server under test and on a current one.
final class SeamStatsTests: XCTestCase {
  private let link = SnowflakeID(rawValue: 384_036_974_793_916_416)

  /// Crosses the seam: with a link that was made here, and with one that was named by hand.
  private func cross(_ carry: (SeamScene) throws -> Void) throws {
    let current = try CurrentEngine()
    for (url, slug) in [(nil, Slug(link)), (current.url, Slug("promo"))] {
      let bench = try Workbench(clickHouse: url, migratedTo: 3)
      let scene = try SeamScene(bench, XCTUnwrap(slug), link)
      defer { scene.stop() }
      scene.look("before the seam")
      try bench.startConsumer()
      scene.send(500)
      scene.look("the takeover")
      try scene.settle()
      scene.look("after the seam")
      try carry(scene)
      try scene.settle()
      scene.look("after all")
      scene.stop()
      let stats = try StatsStore(bench.settings()).stats(for: scene.slug, link: link)
      XCTAssertEqual(stats.totalClicks, scene.clicks)
      XCTAssertEqual(stats.uniqueVisitors, 256)
      XCTAssertEqual(
        stats.topReferrers, [.init(referrer: "r.example", clicks: scene.clicks)])
      XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    }
  }

  func testNoAnswerHasMoreOrLessThanIsStoredBetweenAnyTwoStepsOfACarry() throws {
    try cross { scene in
      let bench = scene.bench
      try bench.carryCounts("toUInt64(\(link.rawValue))") {
        scene.send(100)
        scene.look("the copies renamed")
      }
      bench.killConsumer()
      scene.send(100)
      try bench.startConsumer()
      scene.look("another takeover")
      try scene.settle()
      scene.look("copied")
      try bench.dropOldTables {
        scene.send(100)
        scene.look("old tables dropped")
      }
    }
  }

  func testNoAnswerHasMoreOrLessThanIsStoredWhileACarryIsAtWork() throws {
    try cross { scene in
      let database = try ScratchPostgres()
      let session = try database.session()
      _ = try StoredLinks(session, try database.settings()).insert(
        Link(
          id: link, key: LinkKey(scene.slug), destination: DestinationURL(unchecked: "http://e/"),
          createdAt: 0))
      let carry = try scene.startCarry(database)
      var status: Int32?
      while status == nil {
        scene.send(20)
        scene.look("the carry at work")
        status = carry.wait(seconds: 0.1)
      }
      XCTAssertEqual(status, 0, scene.bench.log)
      XCTAssertEqual(try scene.bench.number("EXISTS TABLE clicks_by_link"), 0)
    }
  }

  /// A reader may have been told where the old counts are, and be late.
  func testAReaderWhoseTablesAreGoneFindsTheOthers() throws {
    try Workbench.onBothServers { bench in
      let clicks: SQL = """
        SELECT 1763841000 AS second, toString(number) AS address, 'https://r.example/' AS referrer
        FROM numbers(1000)
        """
      try bench.countBefore(Slug(link), clicks)
      try bench.count(link, clicks, host: "'r.example'")
      try bench.carryCounts("toUInt64(\(link.rawValue))")
      let settings = try bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "60000"])
      let bounds = StatsReader.Bounds(totals: 2000...2000, others: 2000...2000)
      let readers = [false, true].map {
        StatsReader(Slug(link), link, bounds, settings, isNew: $0)
      }
      defer { for reader in readers { reader.stop() } }
      for _ in 0..<5 {
        for (gone, back) in [
          (["clicks_by_link", "clicks_by_day", "clicks_by_referrer"], [String]()),
          (
            ["link_totals_before", "link_days_before", "link_referrers_before"],
            ["clicks_by_link", "clicks_by_day", "clicks_by_referrer"]
          ),
          ([], ["link_totals_before", "link_days_before", "link_referrers_before"]),
        ] {
          for name in back {
            try bench.client.execute(
              "RENAME TABLE \(identifier: name + "_gone") TO \(identifier: name)")
          }
          for name in gone {
            try bench.client.execute(
              "RENAME TABLE \(identifier: name) TO \(identifier: name + "_gone")")
          }
          for reader in readers {
            XCTAssertTrue(reader.reads(1))
            XCTAssertEqual(reader.complaints, [])
          }
        }
      }
    }
  }

}
