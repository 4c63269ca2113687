import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Links
import TestSupport
import Visits
import XCTest

@testable import Analytics
@testable import Pipeline

/// All that is asked of ClickHouse, on the server under test and on a current one alike.
final class ClickSinkTests: SinkTestCase {
  func testABatchGoesIntoAllTablesAndItsMarksComeBack() throws {
    try onBothServers { bench, sink in
      try sink.takeOver()
      try store(rows(0..<20), sink, ends: [journals[0]: 2000, journals[1]: 2500])
      try store(rows(20..<40), sink, ends: [journals[0]: 4000])
      XCTAssertEqual(try bench.totals(), [40, 40, 40, 20])
      XCTAssertEqual(
        try sink.storedEnds(of: journals + [JournalID(rawValue: 5)]),
        [journals[0]: 4000, journals[1]: 4000, JournalID(rawValue: 5): 0])
      XCTAssertEqual(
        try bench.number(
          "SELECT count() FROM system.parts WHERE table = 'visits' AND active AND database = currentDatabase() AND partition != '(202511,0)'"
        ), 0)
    }
  }

  func testNoLineCountsForAReservedScopeAndAnAddressHasOneSpelling() throws {
    let lines = ["0000001", "1", "2", "3", "4", "16", "4194303", "4194304", nil].enumerated().map {
      let id = $1.map { ",\"link\":\"\($0)\"" } ?? ""
      let event = "00000000000000000000000000000B0\($0)"
      let address = $0 % 2 == 0 ? "::ffff:203.0.113.7" : "203.0.113.7"
      return #"{"event_id":"\#(event)","short_code":"promo","timestamp":0,"#
        + #""ip_address":"\#(address)","user_agent":"Mozilla/5.0"\#(id)}"#
    }
    var rows = ClickColumns()
    for (number, line) in lines.enumerated() {
      var line = line
      line.withUTF8 {
        // An id with leading zeros makes a line that is no click.
        guard let click = try? ClickLine(parsing: $0) else { return XCTAssertEqual(number, 0) }
        rows.append(click, at: .line(endingAt: number + 1, of: journals[0]))
      }
    }
    try onBothServers { bench, sink in
      try sink.takeOver()
      try store(rows, sink, ends: [journals[0]: 9])
      XCTAssertEqual(try bench.number("SELECT count() FROM visits WHERE link < 4194304"), 0)
      for table in ["link_totals", "link_days"] {
        let counted = try bench.client.select(
          """
          SELECT scope, sumMerge(clicks) FROM \(identifier: table) GROUP BY scope ORDER BY scope
          """)
        let name = Scope(name: "promo".utf8).rawValue
        XCTAssertEqual(Array(counted), [["0", "0"], ["4194304", "1"], ["\(name)", "7"]], table)
      }
      XCTAssertEqual(
        try bench.number(
          """
          SELECT count() FROM visits
          WHERE ip_address = '203.0.113.7' AND code = 'promo' AND weight = 1 AND domain = 0
          """), 8)
      XCTAssertEqual(
        try bench.number("SELECT uniqMerge(visitors) FROM link_totals WHERE scope > 0"), 1)
    }
  }

  func testCountsThatLackTheLastBatchGetItFromTheClicks() throws {
    try onBothServers { bench, sink in
      try sink.takeOver()
      try store(rows(0..<100), sink, ends: [journals[0]: 1, journals[1]: 1])
      let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
      try sink.insertClicks(rows(100..<200), batch: batch, day: day)
      try sink.insertCounts(
        rows(100..<200), ends: [:], batch: batch, targets: [.days])
      // Without a marker row even the count that was inserted is taken for missing; with one it isn't.
      XCTAssertEqual(try sink.counts(lacking: batch), .all)
      let (next, _) = try sink.nextBatch(at: 1_763_841_000_000)
      try sink.insertClicks(rows(200..<300), batch: next, day: day)
      try sink.insertCounts(
        rows(200..<300), ends: [journals[0]: 30_000], batch: next, targets: [.days, .totals])
      XCTAssertEqual(
        try sink.counts(lacking: next), [.referrers, .journals])
      let successor = ClickSink(bench.client, insertTimeout: 20_000)
      try successor.takeOver()
      XCTAssertEqual(try successor.counts(lacking: next), [])
      XCTAssertEqual(try bench.totals(), [300, 200, 300, 100])
      XCTAssertEqual(
        try successor.storedEnds(of: journals),
        [journals[0]: 29_900, journals[1]: 30_000])
      XCTAssertEqual(try successor.nextBatch(at: 0).batch, next + 1)
      try successor.takeOver()
      XCTAssertEqual(try bench.totals(), [300, 200, 300, 100], "once is enough")
    }
  }

  func testTheMarkSurvivesMergesOfTheCounts() throws {
    try onBothServers { bench, sink in
      try sink.takeOver()
      for round in 0..<5 {
        try store(
          rows(round * 10..<round * 10 + 10), sink, ends: [journals[0]: (round + 1) * 1000])
      }
      for table in ["link_totals", "link_days", "link_referrers", "click_journals"] {
        try bench.client.execute("OPTIMIZE TABLE \(identifier: table) FINAL")
      }
      XCTAssertEqual(try sink.counts(lacking: 5), [])
      XCTAssertEqual(try sink.counts(lacking: 6), .all)
      XCTAssertEqual(try bench.totals(), [50, 50, 50, 25])
    }
  }

  /// A merged part has a month's clicks: reading it may take longer than a consumer waits.
  func testATakeoverThatHasNothingToFinishReadsNoClicks() throws {
    let bench = try Workbench()
    let sink = ClickSink(bench.client, insertTimeout: 20_000)
    try sink.takeOver()
    try store(rows(0..<10), sink, ends: [journals[0]: 1])
    try sink.insert(
      "batch, ingest_day, targets",
      "SELECT toUInt64(1), toDate(20414), toUInt32(16) FROM numbers(500000)", batch: 1)
    func granulesRead() throws -> Int {
      try bench.number("SELECT value FROM system.events WHERE event = 'SelectedMarks'")
    }
    let granules = try granulesRead()
    try ClickSink(bench.client, insertTimeout: 20_000).takeOver()
    XCTAssertLessThan(try granulesRead() - granules, 100)
  }

  func testALargeBatchIsOnePartInEachTable() throws {
    try onBothServers { bench, sink in
      try sink.takeOver()
      var large = ClickColumns()
      for number in 0..<150_000 {
        large.append(
          Click.sample(number, code: "c\(number)", referrer: "https://r\(number)/"),
          at: .line(endingAt: number + 1, of: journals[0]))
      }
      try store(large, sink, ends: [journals[0]: 150_000])
      let parts = try bench.client.select(
        """
        SELECT table, count() FROM system.parts
        WHERE active AND database = currentDatabase() AND table != 'schema_migrations'
        GROUP BY table ORDER BY table
        """)
      XCTAssertEqual(parts.map { $0[1] }, ["1", "1", "1", "1", "1", "1"], "\(Array(parts))")
      // And so is what a successor takes over.
      let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
      try sink.insertClicks(large, batch: batch, day: day)
      try ClickSink(bench.client, insertTimeout: 20_000).takeOver()
      XCTAssertEqual(try bench.totals(), [300_000, 300_000, 300_000, 300_000])
      XCTAssertLessThanOrEqual(
        try bench.number(
          "SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'link_totals'"
        ), 2)
    }
  }

  func testStatisticsAreTheSameOnBothServers() throws {
    let code = try XCTUnwrap(Slug("c1"))
    try onBothServers { bench, sink in
      try sink.takeOver()
      try store(rows(0..<60), sink, ends: [journals[0]: 1])
      let store = try StatsStore(try bench.settings())
      let stats = try store.stats(for: code)
      XCTAssertEqual(stats.totalClicks, 6)
      XCTAssertEqual(stats.uniqueVisitors, 6)
      XCTAssertEqual(stats.lastClicked, 1_763_856_041)
      XCTAssertEqual(
        stats.days,
        [.init(date: "2025-11-23", clicks: 5), .init(date: "2025-11-22", clicks: 1)])
      XCTAssertEqual(
        stats.topReferrers,
        [
          .init(referrer: "r0", clicks: 2), .init(referrer: "r1", clicks: 2),
          .init(referrer: "r2", clicks: 2),
        ])
    }
  }
}
