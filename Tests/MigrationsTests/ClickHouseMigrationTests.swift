import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import TestSupport
import XCTest

@testable import Migrations
@testable import Pipeline

/// The migrations that rename tables, broken off anywhere and beside a consumer at work.
final class ClickHouseMigrationTests: XCTestCase {
  private func migration(_ file: String = "0002_index_links_finely.sql") throws -> Migration {
    let text = try Repository.text("migrations/clickhouse/\(file)")
    return try Migration(engine: .clickHouse, file: file, text: text)
  }

  /// A consumer of then counts whenever it can, and again when it was refused.
  func testTheCopyOfTheCountsCanBeBrokenOffAndLacksNothing() throws {
    let migration = try migration()
    let statements = SQLScript.statements(in: migration.text)
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let target = try ClickHouseMigrations(bench.settings())
      try target.prepare()
      let consumer = try OldConsumer(bench.client)
      var counted = 0
      func count() throws {
        do {
          try consumer.insertCounts(
            batch: 1, code: "toString(number % 100)", rows: 1000, targets: 1)
          counted += 1000
        } catch let error as ClickHouseError {
          XCTAssertTrue(error.isOfMissingTable, "\(error)")
        }
      }
      for done in 0...statements.count {
        for statement in statements.prefix(done) {
          try count()
          try bench.client.execute(SQL(unsafe: statement))
        }
        try count()
        try target.apply(migration, checksum: "")
        try count()
        XCTAssertEqual(
          try bench.number("SELECT sumMerge(clicks) FROM clicks_by_link"), counted,
          "after \(done) statements")
        XCTAssertEqual(
          try bench.number(
            """
            SELECT count() FROM system.tables
            WHERE database = currentDatabase() AND name LIKE 'clicks_by_link_%e'
            """), 0)
      }
      XCTAssertGreaterThan(counted, 1000 * statements.count)
    }
  }

  /// A consumer of the release before has stored a batch, and the clicks of another one.
  func testAnOlderConsumerStoresNothingMoreAndItsBatchIsFinished() throws {
    let migration = try migration("0003_fence_consumers.sql")
    let statements = SQLScript.statements(in: migration.text)
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      for done in 0...statements.count {
        let bench = try Workbench(clickHouse: url, migratedTo: 2)
        let target = try ClickHouseMigrations(bench.settings())
        try target.prepare()
        try bench.client.execute(Self.oldClicks(batch: 1))
        try bench.client.execute(Self.oldCounts(batch: 1))
        try bench.client.execute(Self.oldClicks(batch: 2))
        for statement in statements.prefix(done) {
          try bench.client.execute(SQL(unsafe: statement))
        }
        try target.apply(migration, checksum: "")
        try bench.migrate(above: 3)
        for insert in [Self.oldCounts(batch: 2), Self.oldClicks(batch: 3)] {
          XCTAssertThrowsError(try bench.client.execute(insert), "after \(done) statements") {
            XCTAssertTrue($0 is ClickHouseError, "\($0)")
          }
        }
        let sink = ClickSink(bench.client, insertTimeout: 20_000)
        XCTAssertTrue(try sink.takeOver().hasFinished)
        XCTAssertEqual(try bench.totalsBefore(), [20, 20, 20, 20], "after \(done) statements")
        XCTAssertEqual(try sink.nextBatch(at: 0).batch, 3)
      }
    }
  }

  /// A consumer of the release before has stored a batch, and of another one the clicks and some counts.
  func testTheMigrationToLinksCanBeBrokenOffAndTheLastBatchIsFinished() throws {
    let migration = try migration("0004_key_visits_by_link.sql")
    let statements = SQLScript.statements(in: migration.text)
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      for done in 0...statements.count {
        let bench = try Workbench(clickHouse: url, migratedTo: 3)
        let target = try ClickHouseMigrations(bench.settings())
        try target.prepare()
        let old = try OldConsumer(bench.client)
        try old.store(batch: 1)
        try old.insertClicks(batch: 2)
        let targets = [0, 1, 10, 13, 15][done % 5]
        if targets > 0 { try old.insertCounts(batch: 2, targets: targets) }
        for statement in statements.prefix(done) {
          try bench.client.execute(SQL(unsafe: statement))
        }
        if done > 0 {
          XCTAssertThrowsError(try old.insertCounts(batch: 2, targets: 15 - targets))
          XCTAssertThrowsError(try old.insertClicks(batch: 3))
        }
        try target.apply(migration, checksum: "")
        XCTAssertThrowsError(try old.insertCounts(batch: 2, targets: 15 - targets))
        XCTAssertThrowsError(try old.insertClicks(batch: 3))

        let sink = ClickSink(bench.client, insertTimeout: 20_000)
        XCTAssertEqual(
          try sink.takeOver(),
          ClickSink.Takeover(hasFinished: targets != 15, hasCrossedSeam: true), "after \(done)")
        XCTAssertEqual(try bench.totalsBefore(), [20, 20, 20, 20], "after \(done) statements")
        XCTAssertEqual(try bench.lastOfBefore(), 2)
        XCTAssertEqual(try sink.nextBatch(at: 0).batch, 3)
        try target.apply(migration, checksum: "")
        XCTAssertEqual(try bench.lastOfBefore(), 2, "again, it changes nothing")
        XCTAssertEqual(try sink.takeOver(), ClickSink.Takeover())
        XCTAssertEqual(try bench.totalsBefore(), [20, 20, 20, 20])
      }
    }
  }

  func testAConsumerThatIsAheadOfTheMigrationsWaitsForThem() throws {
    let bench = try Workbench(migratedTo: 3, ["BATCH_MAX_MS": "20"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    for number in 0..<400 { journal.record(.sample(number)) }
    XCTAssertTrue(eventually(seconds: 30) { bench.log.contains("ClickHouse refuses") }, bench.log)
    try bench.migrate(above: 3)
    XCTAssertTrue(try bench.waits(for: 400), bench.log)
    XCTAssertTrue(bench.stop().allSatisfy { $0 == 0 })
    XCTAssertEqual(try bench.totalsBefore(), [0, 0, 0, 0])
  }

  private static func oldClicks(batch: Int) -> SQL {
    """
    INSERT INTO click_events (short_code, timestamp, ip_address, user_agent, referrer, event_id, \
    retried, journal, journal_offset, batch, ingest_day) \
    SELECT 'a', toDateTime(1763841000, 'UTC'), '192.0.2.1', '', 'r', \
    toFixedString(toString(number), 16), 0, 1, \(batch) * 10 + number, \(batch), \
    toDate('2025-11-22') FROM numbers(10)
    """
  }

  private static func oldCounts(batch: Int) -> SQL {
    """
    INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, journal_offset, \
    batch, targets) \
    SELECT if(number = 10, '', 'a'), toDateTime(1763841000, 'UTC'), '192.0.2.1', \
    if(number = 10, '', 'r'), 1, \(batch) * 10 + number, \(batch), 15 FROM numbers(11)
    """
  }
}
