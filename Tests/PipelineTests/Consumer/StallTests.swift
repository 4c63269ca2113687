import EngineSupport
import Foundation
import Metrics
import TestSupport
import XCTest

@testable import Journals
@testable import Pipeline

/// What shows of clicks that nobody stores.
final class StallTests: XCTestCase {
  private func read(_ bench: Workbench) throws -> MetricsSnapshot {
    try MetricsReader(bench.settings(), beatAge: { 0 }).read()
  }

  private func lag(_ bench: Workbench) throws -> Int64? { try read(bench).storingLagMilliseconds }

  func testAConsumerThatHangsShowsByAnAgeThatGrows() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    XCTAssertTrue(journal.record(.sample(0)))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    // An idle consumer's age stays near 0: whatever it was delivered is stored.
    XCTAssertTrue(try eventually(seconds: 20) { try lag(bench) ?? .max < 1000 })
    bench.consumer?.signal(SIGSTOP)
    for number in 1...100 { XCTAssertTrue(journal.record(.sample(number))) }
    XCTAssertTrue(try eventually(seconds: 30) { try lag(bench) ?? 0 > 4000 })
    bench.consumer?.signal(SIGCONT)
    XCTAssertTrue(try bench.waits(for: 101), bench.log)
    XCTAssertTrue(try eventually(seconds: 20) { try lag(bench) ?? .max < 1000 })
    bench.killConsumer()
    XCTAssertNil(try lag(bench), "a consumer that is gone has no age")
  }

  func testMessagesWithoutAConsumerShowUntilThereIsOne() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    XCTAssertTrue(try bench.journal().record(.sample(0)))
    XCTAssertTrue(
      try eventually(seconds: 30) { try read(bench).unconsumedMilliseconds ?? 0 > 3000 }, bench.log)
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    XCTAssertTrue(
      try eventually(seconds: 30) { try read(bench).unconsumedMilliseconds == nil }, bench.log)
  }

  func testAConsumerThatStandsByRaisesNoAlarm() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.journal().record(.sample(0)))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    let active = bench.consumer
    defer {
      active?.signal(SIGTERM)
      _ = active?.wait(seconds: 12)
    }
    try bench.startConsumer()
    XCTAssertTrue(eventually(seconds: 20) { bench.log.contains("standing by") }, bench.log)
    XCTAssertTrue(try eventually(seconds: 20) { try lag(bench) ?? .max < 1000 })
    XCTAssertFalse(try read(bench).isConsumerBehind)
  }

  func testAConsumerThatLosesTheBrokerAgainAndAgainShowsHowLongClicksWait() {
    var first = HeldMessages(waitingSince: nil)
    XCTAssertEqual(first.storedUntil(now: 100), 100)
    for delivery in 1...3 as ClosedRange<UInt64> {
      first.add(delivery: delivery, bytes: 10, at: Int64(delivery) * 1000)
    }
    XCTAssertEqual(first.storedUntil(now: 9000), 1000)
    first.settle(upTo: 1)
    XCTAssertEqual(first.bytes, 20)
    // The broker is lost, and delivers the two others again.
    var second = HeldMessages(waitingSince: first.waitingSince)
    XCTAssertEqual(second.storedUntil(now: 10_000), 10_000, "nothing is delivered to it")
    second.add(delivery: 1, bytes: 10, at: 70_000)
    second.add(delivery: 2, bytes: 10, at: 70_000)
    XCTAssertEqual(second.storedUntil(now: 70_000), 2000)
    second.settle(upTo: 1)
    XCTAssertEqual(second.storedUntil(now: 70_001), 70_000)
    second.settle(upTo: 2)
    XCTAssertEqual(second.storedUntil(now: 70_002), 70_002)
    XCTAssertNil(second.waitingSince)
  }
}
