import AMQP
import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Metrics
import TestSupport
import XCTest

@testable import Journals
@testable import Pipeline

/// What becomes of clicks that ClickHouse refuses, for their own sake or for the server's.
final class RefusalTests: XCTestCase {
  private func record(_ numbers: Range<Int>, poison: Set<Int>, _ bench: Workbench) throws {
    let journal = try bench.journal()
    for number in numbers {
      let code = poison.contains(number) ? "poison" : "abc"
      XCTAssertTrue(journal.record(.sample(number, code: code, isRetried: number % 7 == 0)))
    }
  }

  /// Starts the programs, and makes ClickHouse refuse clicks of one link.
  ///
  /// A view of the consumer's gate, the first one by name, throws for them.
  private func startWithPoison(_ bench: Workbench) throws {
    try bench.startRelay()
    try bench.startConsumer()
    try record(1000..<1001, poison: [], bench)
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    let gate = try XCTUnwrap(bench.gates().first)
    try bench.client.execute(
      """
      CREATE MATERIALIZED VIEW a_poison ENGINE = Null AS
      SELECT throwIf(code = 'poison') AS refuses FROM \(identifier: gate)
      """)
  }

  func testAClickRefusedForGoodIsDeadLetteredAndItsNeighboursAreStored() throws {
    let bench = try Workbench()
    try startWithPoison(bench)
    let poison: Set = [0, 7, 150, 151, 299]
    try record(0..<300, poison: poison, bench)
    XCTAssertTrue(try bench.waits(for: 296), bench.log)
    try record(300..<310, poison: [], bench)
    XCTAssertTrue(try bench.waits(for: 306), bench.log)
    bench.stop()
    XCTAssertEqual(Set(try bench.storedEvents()).count, 306)
    // The rest of the batch is stored in more pieces than one, and no probe stays behind.
    XCTAssertGreaterThan(
      try bench.number("SELECT uniqExact(batch) FROM visits"), 3)
    XCTAssertEqual(try bench.number("SELECT count() FROM visits WHERE batch = 0"), 0)
    let letters = try bench.deadLetters()
    XCTAssertEqual(letters.count, 5)
    let events = letters.compactMap { try? Click(line: $0.body).eventID.low }
    XCTAssertEqual(Set(events), Set(poison.map(UInt64.init)))
    for letter in letters { XCTAssertTrue(letter.reason?.contains("395") ?? false, "\(letter)") }
  }

  func testAClickThatIsRefusedAloneIsDeadLettered() throws {
    let bench = try Workbench()
    try startWithPoison(bench)
    try record(0..<1, poison: [0], bench)
    XCTAssertTrue(eventually(seconds: 20) { bench.log.contains("go to the dead letters") })
    try record(1..<2, poison: [], bench)
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    bench.stop()
    XCTAssertEqual(try bench.deadLetters().count, 1)
  }

  func testAServerThatRefusesEveryClickIsWaitedFor() throws {
    let bench = try Workbench()
    try bench.client.execute("ALTER TABLE visits DROP COLUMN user_agent")
    try record(0..<100, poison: [], bench)
    try bench.startRelay()
    try bench.startConsumer()
    // Said when a click that is surely good has been refused as well.
    XCTAssertTrue(eventually(seconds: 20) { bench.log.contains("ClickHouse refuses") }, bench.log)
    let totals = try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals
    XCTAssertEqual(totals.gauge(.isRefused, .consumer), 1)
    XCTAssertGreaterThan(totals.gauge(.unacknowledgedMessages, .consumer) ?? 0, 0)
    try bench.client.execute("ALTER TABLE visits ADD COLUMN user_agent String")
    XCTAssertTrue(try bench.waits(for: 100), bench.log)
    XCTAssertTrue(
      try eventually(seconds: 20) {
        let totals = try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals
        return totals.gauge(.isRefused, .consumer) == 0
          && totals.gauge(.unacknowledgedMessages, .consumer) == 0
      }, bench.log)
    bench.stop()
    XCTAssertEqual(Set(try bench.storedEvents()).count, 100)
    XCTAssertEqual(try bench.deadLetters().count, 0)
  }

  func testAViewThatFailsAfterTheTableWasWrittenCostsNoClickAndDoublesNone() throws {
    let bench = try Workbench()
    try bench.client.execute(
      """
      CREATE MATERIALIZED VIEW operators_view ENGINE = MergeTree ORDER BY code AS
      SELECT code, throwIf(code = 'poison') AS no FROM visits
      """)
    try record(0..<100, poison: [3, 50], bench)
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 100), bench.log)
    bench.stop()
    XCTAssertEqual(Set(try bench.storedEvents()).count, 100)
    XCTAssertEqual(try bench.deadLetters().count, 0)
  }

  func testAConsumerThatHasNothingToStoreNoLongerSaysThatItIsRefused() throws {
    let bench = try Workbench()
    func isRefused() throws -> Bool {
      try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals.gauge(.isRefused, .consumer)
        == 1
    }
    try bench.client.execute("ALTER TABLE visits DROP COLUMN user_agent")
    try record(0..<10, poison: [], bench)
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try eventually(seconds: 20) { try isRefused() }, bench.log)
    // It loses its subscription, and its messages, as if another consumer had them now.
    let connection = try bench.connect()
    try connection.deleteQueue(bench.topology.queue)
    connection.close()
    XCTAssertTrue(eventually(seconds: 20) { bench.log.contains("lost the broker") }, bench.log)
    XCTAssertTrue(try eventually(seconds: 20) { try !isRefused() }, bench.log)
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  func testAConsumerWhoseCountsAreRefusedPausesBetweenRetriesAndCanBeStopped() throws {
    let bench = try Workbench()
    try startWithPoison(bench)
    try bench.client.execute("DROP TABLE a_poison")
    // The clicks are taken, their counts never.
    let gate = try XCTUnwrap(bench.gates().first)
    try bench.client.execute(
      """
      CREATE MATERIALIZED VIEW a_poison ENGINE = Null AS
      SELECT throwIf(targets != \(GateView.visits.bit)) AS refuses FROM \(identifier: gate)
      """)
    try record(0..<10, poison: [], bench)
    XCTAssertTrue(eventually(seconds: 20) { bench.log.contains("refuses to count a batch") })
    // By then a consumer without pauses has tried some thousand times.
    XCTAssertTrue(
      try eventually(seconds: 30) { try lag(bench) > 5000 }, bench.log)
    let totals = try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals
    let errors = totals.count(.insertErrors, .consumer)
    XCTAssertLessThan(errors, 100)
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    // The next one finishes the batch.
    try bench.client.execute("DROP TABLE a_poison")
    try record(10..<20, poison: [], bench)
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 21), bench.log)
    bench.stop()
    XCTAssertEqual(Set(try bench.storedEvents()).count, 21)
    XCTAssertEqual(try bench.deadLetters().count, 0)
  }

  private func lag(_ bench: Workbench) throws -> Int64 {
    try MetricsReader(bench.settings(), beatAge: { 0 }).read().storingLagMilliseconds ?? 0
  }

  func testAnyNumberOfRetriedClicksPassesTheConsumer() throws {
    let bench = try Workbench()
    let journal = try bench.journal()
    for number in 0..<20_000 {
      XCTAssertTrue(journal.record(.sample(number, isRetried: true)))
    }
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 20_000), bench.log)
    bench.stop()
    XCTAssertEqual(Set(try bench.storedEvents()).count, 20_000)
  }
}

extension Click {
  /// Reads a line of a journal without its line feed.
  fileprivate init(line: String) throws {
    self = try Array(line.utf8).withUnsafeBufferPointer { try ClickLine(parsing: $0).click }
  }
}
