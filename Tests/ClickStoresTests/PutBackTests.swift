import AMQP
import Clicks
import Foundation
import Service
import Stores
import TestSupport
import XCTest

/// Clicks put back on their way, from the dead letters and from the journals.
final class PutBackTests: XCTestCase {
  func testADeadLetterThatCanBeReadNowCountsOnceHoweverOftenItIsPutBack() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    let connection = try bench.connect()
    try bench.topology.declare(on: connection)
    var line: [UInt8] = []
    Click.sample(1).appendLine(to: &line)
    line.removeLast()
    func bury(_ line: [UInt8], from: Int64) throws {
      try line.withUnsafeBufferPointer { body in
        try connection.publish(
          to: bench.topology.deadExchange, routingKey: bench.topology.deadQueue,
          contentType: "application/x-ndjson",
          headers: ["journal": .text("00000000000000aa"), "from": .integer(from)], body: body)
      }
    }
    try bury(line, from: 100)
    try bury(line, from: 100)
    try bury(Array("still no click".utf8), from: 400)
    let letters = try DeadLetters(bench.settings())
    try bench.startConsumer()
    var putBack = 0
    XCTAssertTrue(
      try eventually(seconds: 10) {
        putBack += try letters.redrive().putBack
        return putBack >= 3
      })
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    try bury(line, from: 100)
    usleep(200_000)
    XCTAssertGreaterThanOrEqual(try letters.redrive().putBack, 1)
    usleep(1_500_000)
    XCTAssertEqual(try bench.totals(), [1, 1, 1, 1], bench.log)
    XCTAssertEqual(try bench.deadLetters().map(\.body), ["still no click"])
  }

  func testClicksPutBackFromAJournalCountOnceThoughTheyAreOnTheirWay() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    let ledger = try ClickLedger(bench.settings())
    let journal = try bench.journal()
    for number in 1...100 { journal.record(.sample(number)) }
    let now = SystemClock.milliseconds() / 1000
    XCTAssertEqual(try ledger.stored(now - 10...now).count, 0)
    let events = Set((1...50).map { Click.sample($0).eventID } + [Click.sample(999).eventID])
    let held = try ledger.held(events)
    XCTAssertEqual(held.count, 50)
    XCTAssertEqual(try ledger.putBack(held.values), 50)
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 100), bench.log)
    usleep(1_000_000)
    XCTAssertEqual(try bench.totals(), [100, 100, 100, 100], bench.log)
    XCTAssertEqual(try ledger.stored(now - 10...now + 10).count, 100)
  }
}
