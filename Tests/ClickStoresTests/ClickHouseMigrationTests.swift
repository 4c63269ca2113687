import ClickHouse
import Clicks
import Foundation
import TestSupport
import XCTest

@testable import Stores

/// The migration that copies a count, broken off anywhere and beside a consumer at work.
final class ClickHouseMigrationTests: XCTestCase {
  private func migration() throws -> Migration {
    let file = "0002_index_links_finely.sql"
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../migrations/clickhouse").standardized
    let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    return try Migration(engine: .clickHouse, file: file, text: text)
  }

  private func count(_ clicks: Int, in bench: Workbench) throws {
    try bench.client.execute(
      """
      INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets)
      SELECT toString(number % 100), toDateTime(1763841000, 'UTC'), toString(number), '', 0, 0, 0, 1 \
      FROM numbers(\(clicks))
      """)
  }

  func testItCanBeBrokenOffAfterEachStatement() throws {
    let migration = try migration()
    let statements = SQLScript.statements(in: migration.text)
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let bench = try Workbench(clickHouse: url)
      let target = try ClickHouseMigrations(bench.settings())
      try target.prepare()
      for done in 0...statements.count {
        try count(1000, in: bench)
        for statement in statements.prefix(done) {
          try bench.client.execute(SQL(unsafe: statement))
        }
        try target.apply(migration, checksum: "")
        XCTAssertEqual(
          try bench.number("SELECT sumMerge(clicks) FROM clicks_by_link"), 1000 * (done + 1),
          "after \(done) statements")
        XCTAssertEqual(
          try bench.number(
            """
            SELECT count() FROM system.tables
            WHERE database = currentDatabase() AND name LIKE 'clicks_by_link_%e'
            """), 0)
      }
    }
  }

  func testWhatAConsumerStoresMeanwhileIsCounted() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "20"])
    let target = try ClickHouseMigrations(bench.settings())
    try target.prepare()
    let migration = try migration()
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    var recorded = 0
    for _ in 0..<5 {
      for _ in 0..<400 {
        journal.record(.sample(recorded))
        recorded += 1
      }
      try target.apply(migration, checksum: "")
    }
    XCTAssertTrue(try bench.waits(for: recorded), bench.log)
    XCTAssertTrue(bench.stop().allSatisfy { $0 == 0 })
  }
}
