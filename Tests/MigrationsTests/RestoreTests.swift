import ClickHouse
import Clicks
import EngineSupport
import Foundation
import TestSupport
import XCTest

@testable import Carry
@testable import Migrations
@testable import Pipeline

/// ClickHouse restored as migrations/README.md says, and what a consumer does with it then.
final class RestoreTests: XCTestCase {
  private let journal = JournalID(rawValue: 1)
  private let tables = ["visits", "link_totals", "link_days", "link_referrers", "click_journals"]

  func testARestoredBackupIsGoneOnFromByItsMarks() throws {
    let handbook = try SchemaHandbook()
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let bench = try Workbench(clickHouse: url)
      try ClickHouseMigrations(bench.settings()).prepare()
      let sink = ClickSink(bench.client, insertTimeout: 20_000)
      try sink.takeOver()
      try store(1...20, by: sink)
      try run(handbook.statements(under: "### Back up"), in: bench)
      // Stored after the backup.
      try store(21...30, by: sink)

      let restored = try Workbench(clickHouse: url)
      try Backup(of: bench).lay(tables + ["seam"], in: restored)
      try run(handbook.statements(under: "### Restore"), in: restored)
      XCTAssertEqual(try restored.totals(), [20, 20, 20, 20])
      let successor = ClickSink(restored.client, insertTimeout: 20_000)
      XCTAssertEqual(try successor.takeOver(), ClickSink.Takeover())
      XCTAssertEqual(try successor.storedEnds(of: [journal]), [journal: 2000])
      try store(21...30, by: successor)
      XCTAssertEqual(try restored.totals(), [30, 30, 30, 30])
      XCTAssertEqual(Set(try restored.storedEvents()).count, 30)
    }
  }

  func testTotalsAreMadeAgainFromTheClicks() throws {
    let handbook = try SchemaHandbook()
    try Workbench.onBothServers { bench in
      let sink = ClickSink(bench.client, insertTimeout: 20_000)
      try sink.takeOver()
      try store(1...20, by: sink)
      try store(21...30, by: sink)
      let before = try totals(bench)
      XCTAssertEqual(before.count, 11)
      try bench.client.execute("TRUNCATE TABLE link_totals")
      try run(handbook.statements(under: "### Make a count again"), in: bench)
      XCTAssertEqual(try totals(bench), before)
      XCTAssertEqual(try sink.counts(lacking: 2), [])
    }
  }

  func testTheCountsOfBeforeComeBackAsTheCarryMakesThem() throws {
    let handbook = try SchemaHandbook()
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let (bench, other) = try (Workbench(clickHouse: url), Workbench(clickHouse: url))
      try run(handbook.statements(under: "### Restore"), in: bench)
      for copy in CountCopy.all { try other.client.execute(copy.creation(copy.name)) }
      let tables = try [bench, other].map { bench in
        try bench.client.select(
          """
          SELECT name, replaceAll(engine_full, '(scope)', 'scope') FROM system.tables
          WHERE database = currentDatabase() AND name LIKE 'link%before' ORDER BY name
          UNION ALL
          SELECT concat(table, '.', name), type FROM system.columns
          WHERE database = currentDatabase() AND table LIKE 'link%before' ORDER BY table, name
          """
        ).map { $0 }
      }
      XCTAssertEqual(tables[0].count, 13)
      XCTAssertEqual(tables[0].sorted { $0[0] < $1[0] }, tables[1].sorted { $0[0] < $1[0] })
    }
  }

  private func run(_ statements: [String], in bench: Workbench) throws {
    XCTAssertFalse(statements.isEmpty)
    for statement in statements {
      // The month of `store`.
      let filled = statement.replacingOccurrences(of: "(202611, 0)", with: "(202511, 0)")
      try bench.client.execute(SQL(unsafe: filled))
    }
  }

  private func store(_ numbers: ClosedRange<Int>, by sink: ClickSink) throws {
    var rows = ClickColumns()
    for number in numbers {
      rows.append(
        .sample(number, code: "c\(number % 10)"), at: .line(endingAt: number * 100, of: journal))
    }
    let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
    try sink.insertClicks(rows, batch: batch, day: day)
    try sink.insertCounts(
      rows, ends: [journal: numbers.upperBound * 100], batch: batch, targets: .all)
  }

  private func totals(_ bench: Workbench) throws -> [[String]] {
    try bench.client.select(
      """
      SELECT scope, sumMerge(clicks), sumMerge(bots), if(scope = 0, 0, uniqMerge(visitors)),
        if(scope = 0, 0, toUInt32(minMerge(first_visit))), toUInt32(maxMerge(last_visit)),
        if(scope = 0, maxMerge(last_batch), 0)
      FROM link_totals GROUP BY scope ORDER BY scope
      """
    ).map { $0 }
  }
}
