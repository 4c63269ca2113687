import ClickHouse
import EngineSupport
import Foundation
import Metrics
import TestSupport
import XCTest

@testable import Carry
@testable import Pipeline

/// What a carry waits for, what it stops at, and how an operator sees that.
final class CarryStateTests: XCTestCase {
  private let subject = "old clicks"

  private func finding(_ subject: String, _ old: OldClicks) throws -> [String: String]? {
    let output = try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor", "--json"],
      environment: old.environment
    ).output
    let start = try XCTUnwrap(output.firstIndex(of: "["), output)
    let findings = try JSONDecoder().decode(
      [[String: String]].self, from: Data(output[start...].utf8))
    return findings.first { $0["subject"] == subject }
  }

  private func hears(_ words: String, _ old: OldClicks, seconds: Double = 30) -> Bool {
    eventually(seconds: seconds) { old.log().contains(words) }
  }

  func testItWaitsForTheFirstClickAfterTheUpdateWithoutAWordMore() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 4000, isSeamKnown: false)
    let process = try old.start(["--rate", "0"])
    XCTAssertTrue(hears("the first click after the update", old), old.log())
    XCTAssertEqual(
      try finding(subject, old)?["detail"],
      "\(old.rows), which are carried once the first new click is stored")
    let totals = MetricsDirectory(old.bench.state).totals()
    XCTAssertEqual(totals.gauge(.isCarryWaiting, .carry), 1)
    // The consumer that is the first to take over fixes the last batch.
    try ClickSink(old.bench.client, insertTimeout: 20_000).takeOver()
    XCTAssertEqual(try old.bench.lastOfBefore(), old.lastBatch)
    XCTAssertEqual(process.wait(seconds: 60), 0, old.log())
    XCTAssertEqual(old.log().components(separatedBy: "\"waiting\"").count, 2, old.log())
    XCTAssertEqual(try old.bench.number("SELECT count() FROM visits"), old.rows)
    XCTAssertEqual(
      MetricsDirectory(old.bench.state).totals().count(.carriedClicks, .carry), UInt64(old.rows))
    XCTAssertEqual(try finding(subject, old)?["detail"], "none, or all are carried")
  }

  func testDoctorAsksWhyNothingHasBeenCarriedForHours() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50, isSeamKnown: false)
    try old.bench.client.execute(
      "INSERT INTO seam SELECT 'last_batch', \(old.lastBatch), now() - 7260")
    let found = try finding(subject, old)
    XCTAssertEqual(found?["state"], "warning", "\(found ?? [:])")
    XCTAssertEqual(found?["detail"], "0 of \(old.rows) are carried, and none for 121 minutes")
    try old.bench.client.execute("INSERT INTO seam SELECT 'carried', toUInt64(50), now()")
    XCTAssertEqual(try finding(subject, old)?["detail"], "50 of \(old.rows) are carried")
  }

  func testItWaitsForTheMigration() throws {
    let bench = try Workbench(migratedTo: 3)
    let old = try OldClicks(bench, rows: 400, batchRows: 50, isSeamKnown: false, migrates: false)
    let process = try old.start(["--rate", "0"])
    XCTAssertTrue(hears("run swiftlet migrate", old), old.log())
    try bench.migrate(above: 3)
    try old.fixLastBatch()
    XCTAssertEqual(process.wait(seconds: 60), 0, old.log())
    XCTAssertEqual(try bench.number("SELECT count() FROM visits"), old.rows)
  }

  /// strace ends it after its fiftieth request: after five attempts and more.
  func testItTellsOnceWhatItCanNotDoHoweverOftenItTries() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
    try old.bench.client.execute("RENAME TABLE visits TO visits_away")
    let process = try old.start(
      ["--rate", "0"],
      under: [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=sendto",
        "-e", "inject=sendto:signal=SIGKILL:when=50",
      ])
    XCTAssertEqual(process.wait(seconds: 120), 137, old.log())
    XCTAssertEqual(old.log().components(separatedBy: "can't go on now").count, 2, old.log())
    XCTAssertFalse(old.log().contains("going on"), old.log())
  }

  func testTheOldTablesStayWhileAGateLeadsToThem() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
    let client = old.bench.client
    try client.execute("CREATE TABLE clicks_gate_9_9 (short_code String) ENGINE = Null")
    try client.execute(
      """
      CREATE MATERIALIZED VIEW clicks_gate_9_9_to_clicks_by_day TO clicks_by_day AS
      SELECT short_code, toDate(0) AS day, sumState(toUInt64(1)) AS clicks, \
      maxState(toUInt64(0)) AS last_batch FROM clicks_gate_9_9 GROUP BY short_code
      """)
    let process = try old.start(["--rate", "0"])
    XCTAssertTrue(hears("gate leads to the old tables", old), old.log())
    XCTAssertEqual(try finding(subject, old)?["state"], "warning")
    try client.execute("DROP TABLE clicks_gate_9_9")
    try client.execute("DROP TABLE clicks_gate_9_9_to_clicks_by_day")
    XCTAssertEqual(process.wait(seconds: 60), 0, old.log())
    XCTAssertEqual(try client.select("EXISTS TABLE clicks_by_day").first, ["0"])
  }

  /// All of a day is there, but one click is another one.
  func testADifferenceStopsItWithAWordAndItGoesOnWhenThatIsMended() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 4000, batchRows: 500)
    let client = old.bench.client
    try client.execute(
      """
      INSERT INTO visits (code, timestamp, event_id, journal, journal_offset, batch, ingest_day)
      SELECT short_code, timestamp, event_id, journal, \
      journal_offset + if(journal_offset = 160000, 7, 0), batch, ingest_day
      FROM clicks_before WHERE ingest_day = toDate('2025-11-01')
      """)
    // Of a time when the server's clock was a day ahead.
    try client.execute("INSERT INTO seam SELECT 'carried', toUInt64(0), now() + 86400")
    let process = try old.start(["--rate", "0"])
    XCTAssertEqual(process.wait(seconds: 60), 65, old.log())
    let word = "of 2025-11-01 is not the same in clicks_before and in visits"
    XCTAssertTrue(old.log().contains(word), old.log())
    XCTAssertEqual(try old.bench.number("SELECT count() FROM clicks_before"), old.rows + 1)
    let found = try finding(subject, old)
    XCTAssertEqual(found?["state"], "failed", "\(found ?? [:])")
    XCTAssertTrue(found?["detail"]?.hasSuffix("batch 4 differs") == true, "\(found ?? [:])")
    let totals = MetricsDirectory(old.bench.state).totals()
    XCTAssertEqual(totals.count(.carryDifferences, .carry), 1)

    try client.execute("ALTER TABLE visits DELETE WHERE ingest_day = toDate('2025-11-01')")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try old.bench.number(
          "SELECT count() FROM visits WHERE ingest_day = toDate('2025-11-01')") == 0
      })
    XCTAssertEqual(try old.start(["--rate", "0", "--keep"]).wait(seconds: 60), 0, old.log())
    try old.assertAllIsCarried()
    XCTAssertEqual(try finding(subject, old)?["state"], "warning")
  }

  func testMoreClicksThanThereWereStopItAndNothingIsDropped() throws {
    for (day, words) in [
      ("2025-11-02", "no carry leaves it so"), ("2025-12-24", "and clicks_before has"),
    ] {
      let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
      try old.bench.client.execute(
        """
        INSERT INTO visits (batch, ingest_day)
        SELECT toUInt64(1), toDate(\(day)) FROM system.numbers LIMIT 101
        """)
      XCTAssertThrowsError(try old.carry(keep: false).run()) { error in
        XCTAssertTrue("\(error)".contains(words), "\(error)")
      }
      XCTAssertEqual(try old.bench.number("SELECT count() FROM clicks_before"), old.rows + 1)
    }
  }

  /// It would take it for a click since: counted again, and carried again by each run.
  func testAnOldBatchAfterTheLastOneStopsItBeforeItIsCarried() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
    try old.bench.client.execute(
      """
      INSERT INTO clicks_before (short_code, batch, ingest_day)
      SELECT 'late', \(old.lastBatch + 1), toDate('2025-11-01')
      """)
    for _ in 0..<2 {
      XCTAssertThrowsError(try old.carry(keep: false).run()) { error in
        XCTAssertTrue("\(error)".contains("batch \(old.lastBatch + 1) of 2025-11-01"), "\(error)")
      }
    }
    XCTAssertEqual(
      try old.bench.number("SELECT count() FROM visits WHERE batch > \(old.lastBatch)"), 0)
  }

  /// As an operator does whom the handbook has told to take a day's copy away.
  func testADayWhoseCopyIsTakenAwayIsCarriedAgain() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 4000, batchRows: 500)
    try old.bench.client.execute(
      """
      INSERT INTO seam SELECT 'compared', toUInt64(toUInt16(toDate(day))), now()
      FROM (SELECT '2025-11-01' AS day UNION ALL SELECT '2025-10-31' AS day)
      """)
    XCTAssertEqual(try old.carry().run(), .kept)
    try old.assertAllIsCarried()
  }

  /// Since then somebody has taken them away, or a power cut.
  func testClicksThatAreMissingWhenTheOldTablesAreToGoAreCarriedAgain() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
    XCTAssertEqual(try old.carry().run(), .kept)
    try old.bench.client.execute("ALTER TABLE visits DROP PARTITION (202511, 0)")
    XCTAssertLessThan(try old.bench.number("SELECT count() FROM visits"), old.rows)
    XCTAssertEqual(try old.carry(keep: false).run(), .complete)
    XCTAssertEqual(try old.bench.number("SELECT count() FROM visits"), old.rows)
  }

  func testAConsumerOfAnEarlierReleaseThatComesBackIsNamed() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 400, batchRows: 50)
    let subject = "consumer of an earlier release"
    XCTAssertNil(try finding(subject, old))
    // What becomes of its views differs from server to server; the gate is there.
    _ = try? OldConsumer(old.bench.client)
    let found = try finding(subject, old)
    XCTAssertEqual(found?["state"], "failed", "\(found ?? [:])")
    try ClickSink(old.bench.client, insertTimeout: 20_000).takeOver()
    XCTAssertNil(try finding(subject, old))
  }
}
