import ClickHouse
import Clicks
import EngineSupport
import Journals
import Links
import TestSupport
import Visits
import XCTest

@testable import Analytics

/// Statistics while clicks that were counted by short code come to be counted by link, on the server under
/// test and on a current one alike.
final class SeamStatsTests: XCTestCase {
  private let link = SnowflakeID(rawValue: 384_036_974_793_916_416)

  /// One that keeps its connection, and one that knows nothing at each question, like a new worker.
  private func readers(
    _ bench: Workbench, _ slug: Slug, _ bounds: StatsReader.Bounds
  ) throws -> [StatsReader] {
    let settings = try bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "60000"])
    return [false, true].map { StatsReader(slug, link, bounds, settings, isNew: $0) }
  }

  func testNoAnswerHasMoreOrLessThanIsStored() throws {
    let current = try CurrentEngine()
    for (url, slug) in [(nil, Slug(link)), (current.url, Slug("promo"))] {
      try cross(Workbench(clickHouse: url, migratedTo: 3), XCTUnwrap(slug))
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
      let readers = try readers(
        bench, Slug(link), .init(totals: 2000...2000, others: 2000...2000))
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

  /// `slug` is the link's name.
  private func cross(_ bench: Workbench, _ slug: Slug) throws {
    let old = try OldConsumer(bench.client)
    let code: SQL = "\(slug.description)"
    for batch in 1...3 { try old.store(batch: batch, code: code, rows: 1000) }
    // It dies amid the fourth one: days and referrers lack it.
    try old.insertClicks(batch: 4, code: code, rows: 1000)
    try old.insertCounts(batch: 4, code: code, rows: 1000, targets: 1)
    try bench.migrate(above: 3)

    let readers = try readers(bench, slug, .init(totals: 4000...4000, others: 3000...4000))
    defer { for reader in readers { reader.stop() } }
    func look(_ place: String) {
      for reader in readers {
        XCTAssertTrue(reader.reads(3), place)
        XCTAssertEqual(reader.complaints, [], place)
      }
    }
    var sent = 0
    let journal = try bench.journal()
    func send(_ count: Int) {
      sent += count
      for reader in readers {
        reader.move { bounds in
          bounds.totals = bounds.totals.lowerBound...(4000 + sent)
          bounds.others = bounds.others.lowerBound...(4000 + sent)
        }
      }
      for number in sent - count..<sent {
        journal.record(
          Click(
            eventID: EventID(high: 7, low: UInt64(number)), shortCode: slug.description,
            linkID: slug == Slug(link) ? nil : link, milliseconds: 1_763_841_000_000,
            address: "192.0.2.\(number % 256)", referrer: "https://r.example/x"))
      }
    }
    /// Waits until all that was sent is stored.
    func settle() throws {
      XCTAssertTrue(try bench.waits(for: sent), bench.log)
      let all = 4000 + sent
      for reader in readers { reader.move { $0 = .init(totals: all...all, others: all...all) } }
    }

    look("before the seam")
    try bench.startRelay()
    try bench.startConsumer()
    send(500)
    look("the takeover")
    try settle()
    look("after the seam")
    try bench.carryCounts("toUInt64(\(link.rawValue))") {
      send(100)
      look("the copies renamed")
    }
    bench.killConsumer()
    send(100)
    try bench.startConsumer()
    look("another takeover")
    try settle()
    look("copied")
    try bench.dropCountsBefore {
      send(100)
      look("old tables dropped")
    }
    try settle()
    look("after all")
    for reader in readers { reader.stop() }
    let stats = try StatsStore(bench.settings()).stats(for: slug, link: link)
    XCTAssertEqual(stats.totalClicks, 4000 + sent)
    XCTAssertEqual(stats.uniqueVisitors, 256)
    XCTAssertEqual(stats.topReferrers, [.init(referrer: "r.example", clicks: 4000 + sent)])
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }
}
