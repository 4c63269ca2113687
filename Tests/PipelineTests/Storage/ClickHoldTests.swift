import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// While a backup holds the tables nobody stores, on the server under test and on a current one alike.
final class ClickHoldTests: XCTestCase {
  private let journal = JournalID(rawValue: 1)

  private func client(_ bench: Workbench) throws -> Client {
    try Client(bench.client.address, timeout: bench.client.timeout)
  }

  private func sink(_ bench: Workbench) throws -> ClickSink {
    ClickSink(try client(bench), insertTimeout: 20_000)
  }

  private func store(_ sink: ClickSink) throws {
    var rows = ClickColumns()
    rows.append(.sample(1), at: .line(endingAt: 1, of: journal))
    let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
    try sink.insertClicks(rows, batch: batch, day: day)
    try sink.insertCounts(rows, ends: [journal: 1], batch: batch, targets: .all)
  }

  private func fence(_ bench: Workbench, _ hold: ClickHold) throws -> ClickFence {
    ClickFence(try client(bench), views: [], hold: hold)
  }

  private func assertWaits(_ body: () throws -> Void) {
    XCTAssertThrowsError(try body()) {
      XCTAssertEqual(($0 as? ClickFence.Busy)?.isHold, true, "\($0)")
    }
  }

  func testNobodyTakesOverUntilTheHoldIsOver() throws {
    try Workbench.onBothServers { bench in
      let consumer = try sink(bench)
      try consumer.takeOver()
      let hold = ClickHold(try client(bench))
      try hold.begin()
      let fence = try fence(bench, hold)
      try fence.takeOver()
      XCTAssertThrowsError(try store(consumer)) {
        XCTAssertTrue($0 is ClickFence.Fenced, "\($0)")
      }
      let next = try sink(bench)
      for _ in 0..<3 { assertWaits { try next.takeOver() } }
      XCTAssertTrue(try fence.stands())
      XCTAssertEqual(
        try bench.gates().filter { $0.hasPrefix(ClickGate.prefix) },
        [try XCTUnwrap(fence.gate).name])
      assertWaits { try ClickHold(try client(bench)).begin() }
      try fence.leave()
      try hold.end()
      try next.takeOver()
      try store(next)
      XCTAssertEqual(try bench.totals(), [1, 1, 1, 1])
    }
  }

  func testAConsumerThatDidNotNoticeGoesOn() throws {
    try Workbench.onBothServers { bench in
      let consumer = try sink(bench)
      try consumer.takeOver()
      let hold = ClickHold(try client(bench))
      try hold.begin()
      let fence = try fence(bench, hold)
      try fence.takeOver()
      try fence.leave()
      try hold.end()
      XCTAssertThrowsError(try store(consumer)) {
        XCTAssertTrue(ClickHouseError.Code.unknownTable ~= $0, "\($0)")
      }
      try consumer.settle()
      try store(consumer)
      XCTAssertEqual(try bench.totals(), [1, 1, 1, 1])
    }
  }

  /// Its holder was killed.
  func testAHoldThatIsNotRenewedStopsNobody() throws {
    try Workbench.onBothServers { bench in
      try bench.client.execute(
        "CREATE TABLE \(identifier: ClickHold.prefix + "1000000000_7") (x UInt8) ENGINE = Null")
      try sink(bench).takeOver()
      let hold = ClickHold(try client(bench))
      try hold.begin()
      try hold.end()
      XCTAssertEqual(
        try bench.number(
          """
          SELECT count() FROM system.tables
          WHERE database = currentDatabase() AND name LIKE 'clicks_hold_%'
          """), 0)
    }
  }

  /// Such as one of a release that knows no holds.
  func testAGateThatWasOpenedAllTheSameIsSeen() throws {
    try Workbench.onBothServers { bench in
      let hold = ClickHold(try client(bench))
      try hold.begin()
      let fence = try fence(bench, hold)
      try fence.takeOver()
      let gate = try XCTUnwrap(fence.gate)
      XCTAssertTrue(try fence.stands())
      try bench.client.execute(ClickGate(number: gate.number + 1).creation)
      XCTAssertFalse(try fence.stands())
    }
  }
}
