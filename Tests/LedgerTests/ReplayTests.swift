import AMQP
import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import Pipeline
import Service
import TestSupport
import XCTest

@testable import Ledger

/// Clicks that are replayed, from the dead letters and from the journals.
final class ReplayTests: XCTestCase {
  func testADeadLetterThatCanBeReadNowCountsOnceHoweverOftenItIsReplayed() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    let connection = try bench.connect()
    try bench.topology.declare(on: connection)
    var line: [UInt8] = []
    Click.sample(1).appendLine(to: &line)
    line.removeLast()
    func deadLetter(_ line: [UInt8], from: Int64) throws {
      try line.withUnsafeBufferPointer { body in
        try connection.publish(
          to: bench.topology.deadExchange, routingKey: bench.topology.deadQueue,
          contentType: "application/x-ndjson",
          headers: ["journal": .text("00000000000000aa"), "from": .integer(from)], body: body)
      }
    }
    try deadLetter(line, from: 100)
    try deadLetter(line, from: 100)
    try deadLetter(Array("still no click".utf8), from: 400)
    let letters = try DeadLetters(bench.settings())
    try bench.startConsumer()
    var replayed = 0
    XCTAssertTrue(
      try eventually(seconds: 10) {
        replayed += try letters.redrive().replayed
        return replayed >= 3
      })
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    func dead(_ count: Int) throws -> Bool {
      try eventually(seconds: 10) {
        try connection.declareQueue(bench.topology.deadQueue) == count
      }
    }
    XCTAssertTrue(try dead(1), "what is no click is dead again")
    try deadLetter(line, from: 100)
    XCTAssertTrue(try dead(2))
    XCTAssertEqual(try letters.redrive().replayed, 2)
    // A later one, stored after all that the queue had before it.
    XCTAssertTrue(try dead(1))
    line = []
    Click.sample(2).appendLine(to: &line)
    try deadLetter(line, from: 700)
    XCTAssertTrue(try dead(2))
    XCTAssertEqual(try letters.redrive().replayed, 2)
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    XCTAssertTrue(try dead(1))
    XCTAssertEqual(try bench.deadLetters().map(\.body), ["still no click"])
  }

  func testARetriedClickThatWasRefusedCountsOnceItIsReplayed() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    let journal = try bench.journal()
    try bench.startRelay()
    try bench.startConsumer()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    let gate = try XCTUnwrap(bench.gates().first)
    try bench.client.execute(
      """
      CREATE MATERIALIZED VIEW a_poison ENGINE = Null AS
      SELECT throwIf(code = 'poison') AS refuses FROM \(identifier: gate)
      """)
    journal.record(.sample(2, code: "poison", isRetried: true))
    XCTAssertTrue(
      eventually(seconds: 30) { bench.log.contains("refuses go to the dead letters") }, bench.log)
    try bench.client.execute("DROP TABLE a_poison")
    let letters = try DeadLetters(bench.settings())
    XCTAssertTrue(try eventually(seconds: 30) { try letters.redrive().replayed == 1 })
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    // The other pool's record of the request, and the letter's click once more.
    journal.record(.sample(2, code: "poison"))
    journal.record(.sample(2, code: "poison", isRetried: true))
    journal.record(.sample(3))
    XCTAssertTrue(try bench.waits(for: 3), bench.log)
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    XCTAssertEqual(try bench.storedEvents().count, 3)
  }

  func testClicksReplayedFromAJournalCountOnceThoughTheyAreOnTheirWay() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    let journal = try bench.journal()
    for number in 1...100 { journal.record(.sample(number)) }
    let now = SystemClock.milliseconds() / 1000
    func account(_ numbers: [Int], isReplay: Bool = false) throws -> Reconciliation {
      var account = Reconciliation(
        try ClickLedger(bench.settings()), try .ofNowhere(bench),
        replay: isReplay ? try ClickReplay(bench.settings()) : nil, waitSeconds: 0,
        note: { _ in })
      for number in numbers {
        try account.add(
          AnsweredRedirect(event: Click.sample(number).eventID, seconds: now))
      }
      try account.finish()
      return account
    }
    do {
      let first = try account(Array(1...50) + [999], isReplay: true)
      XCTAssertEqual(first.hours.values.map(\.held).reduce(0, +), 50)
      XCTAssertEqual(first.missing, [Click.sample(999).eventID])
      XCTAssertEqual(first.replayed?.written, 50)
    }
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 100), bench.log)
    // Once the broker has all of both journals, a later click comes after it.
    journal.closeIfIdle(at: .max)
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try !FileManager.default.contentsOfDirectory(atPath: bench.directory)
          .contains { $0.hasSuffix(".ndjson") }
      }, bench.log)
    journal.record(.sample(101))
    XCTAssertTrue(try bench.waits(for: 101), bench.log)
    let last = try account(Array(1...101))
    XCTAssertEqual(last.hours.values.map(\.stored).reduce(0, +), 101)
  }
}
