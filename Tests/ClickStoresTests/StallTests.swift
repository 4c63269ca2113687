import Foundation
import Metrics
import Stores
import TestSupport
import XCTest

/// What shows of clicks that nobody stores.
final class StallTests: XCTestCase {
  private func read(_ bench: Workbench) throws -> Readings {
    try Instruments(bench.settings()).read()
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
}
