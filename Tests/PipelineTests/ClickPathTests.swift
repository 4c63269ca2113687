import AMQP
import Analytics
import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import Links
import Metrics
import Pipeline
import Service
import TestSupport
import Visits
import XCTest

/// Journal → relay → RabbitMQ → consumer → ClickHouse, with the programs as processes.
final class ClickPathTests: XCTestCase {
  func testAClickIsCountedThoughNoOtherFillsItsBatch() throws {
    let bench = try Workbench()
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    for number in 2...4 {
      journal.record(.sample(number))
      XCTAssertTrue(try bench.waits(for: number), bench.log)
    }
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  func testAVisitorIsOneHoweverIPv6WritesTheAddress() throws {
    let bench = try Workbench()
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    for address in ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:CB00:7107", "2001:db8::1"] {
      journal.record(
        Click(
          eventID: .random(), shortCode: "abc", milliseconds: 1000, address: address,
          userAgent: "Mozilla/5.0"))
    }
    XCTAssertTrue(
      try eventually(seconds: 20) { try Array(bench.totals().prefix(2)) == [4, 4] }, bench.log)
    let stats = try StatsStore(bench.settings()).stats(for: XCTUnwrap(Slug("abc")))
    XCTAssertEqual(stats.uniqueVisitors, 2)
    XCTAssertEqual(
      try bench.number("SELECT count() FROM visits WHERE ip_address = '203.0.113.7'"), 3)
  }

  func testStatisticsAreExactOverDaysVisitorsAndReferrers() throws {
    let bench = try Workbench()
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    // 23:59:59.999 and midnight in UTC are two days, wherever the server stands.
    let midnight: Int64 = 1_763_856_000_000
    for number in 0..<1000 {
      let referrer = number % 4 == 0 ? "" : "https://r\(number % 14).example/"
      journal.record(
        Click(
          eventID: .random(), shortCode: "abc", milliseconds: midnight - (number < 300 ? 1 : 0),
          address: "198.51.100.\(number % 77)", userAgent: "x", referrer: referrer))
    }
    journal.record(.sample(1, code: "other"))
    XCTAssertTrue(
      try eventually(seconds: 20) {
        // The counts follow one after the other.
        try Array(bench.totals().dropFirst()) == [1001, 1001, 751]
      }, bench.log)
    let store = try StatsStore(try bench.settings())
    let stats = try store.stats(for: XCTUnwrap(Slug("abc")))
    XCTAssertEqual(stats.totalClicks, 1000)
    XCTAssertEqual(stats.uniqueVisitors, 77)
    XCTAssertEqual(stats.lastClicked, midnight / 1000)
    XCTAssertEqual(
      stats.days,
      [.init(date: "2025-11-23", clicks: 700), .init(date: "2025-11-22", clicks: 300)])
    XCTAssertEqual(stats.topReferrers.count, 10)
    XCTAssertEqual(
      stats.topReferrers,
      stats.topReferrers.sorted { ($1.clicks, $0.referrer) < ($0.clicks, $1.referrer) })
    XCTAssertEqual(stats.topReferrers.first { $0.referrer == "r1.example" }?.clicks, 72)
    let none = try store.stats(for: XCTUnwrap(Slug("nobody")))
    XCTAssertEqual(none, LinkStats(slug: none.slug))
    XCTAssertNoThrow(try store.ping())
  }

  func testNothingIsLostOrDoubledWhileRelayAndConsumerAreKilled() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "100", "RELAY_MESSAGE_BYTES": "12000"])
    try bench.startRelay()
    try bench.startConsumer()
    var random = SplitMix64(seed: 20)
    let journals = try (0..<3).map { _ in try bench.journal(segmentBytes: 200_000) }
    var written = 0
    for round in 0..<24 {
      for _ in 0..<40 {
        for _ in 0..<Int.random(in: 0...30, using: &random) {
          written += 1
          XCTAssertTrue(
            journals[Int.random(in: 0..<3, using: &random)].record(
              .sample(written, code: "c\(written % 100)")))
        }
        usleep(5000)
      }
      if round % 2 == 0 {
        bench.killConsumer()
        try bench.startConsumer()
      }
      if round % 3 == 0 {
        bench.killRelay()
        if round % 6 == 0 {
          try? FileManager.default.removeItem(atPath: bench.state.cursors)
        }
        try bench.startRelay()
      }
    }
    for journal in journals { journal.closeIfIdle(at: .max) }
    let isWhole = try bench.waits(for: written, seconds: 60)
    let totals = try bench.totals()
    XCTAssertTrue(isWhole, "\(written) \(totals) \(bench.log.suffix(4000))")
    let events = try bench.storedEvents()
    XCTAssertEqual(Set(events).count, written)
    XCTAssertTrue(
      try eventually(seconds: 10) { try bench.journals().isEmpty },
      "journals that are through are removed")
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    XCTAssertFalse(bench.log.contains("lost messages"), bench.log)
  }

  func testARelayThatStopsPublishesWhatProgramsBeforeItHaveLeft() throws {
    let bench = try Workbench(["RELAY_POLL_MS": "10000"])
    let first = try bench.journal()
    first.record(.sample(1))
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    // The next look at the journals is 10 s away.
    let second = try bench.journal()
    second.record(.sample(2))
    for journal in [first, second] { journal.closeIfIdle(at: .max) }
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    XCTAssertEqual(try bench.journals(), [])
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
  }

  func testLinesThatAreNoClicksHarmNoNeighbour() throws {
    let bench = try Workbench(["RELAY_MESSAGE_BYTES": "12000"])
    try JournalDirectory(bench.directory).make()
    let long = (0..<30_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    var bytes: [UInt8] = []
    Click.sample(1).appendLine(to: &bytes)
    bytes += Array("{\"event_id\":\"nonsense\"}\nnot json \u{7}\n".utf8)
    Click.sample(2).appendLine(to: &bytes)
    bytes += long + [0x0A]
    Click.sample(3, userAgent: String(repeating: "é\"\n", count: 2000)).appendLine(to: &bytes)
    bytes += Array("{\"event_id\":\"0000".utf8)
    let path = JournalDirectory(bench.directory).file(.random())
    XCTAssertTrue(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 3), bench.log)
    let letters = try bench.deadLetters()
    XCTAssertEqual(letters.map(\.body), ["{\"event_id\":\"nonsense\"}", "not json \u{7}"])
    XCTAssertEqual(letters.first?.reason, "event_id has a value that is not valid")
    XCTAssertTrue(
      eventually(seconds: 10) { !FileManager.default.fileExists(atPath: path) }, bench.log)
    let kept = try FileManager.default.contentsOfDirectory(atPath: bench.state.quarantine)
      .map { try Data(contentsOf: URL(fileURLWithPath: bench.state.quarantine + "/" + $0)) }
    XCTAssertEqual(
      kept.sorted { $0.count < $1.count },
      [Data("{\"event_id\":\"0000".utf8), Data(long + [0x0A])],
      "the torn end and the line that is too long, whole")
    let totals = try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals
    XCTAssertEqual(totals.count(.quarantinedPieces, .relay), 2)
    XCTAssertEqual(
      totals.count(.quarantinedBytes, .relay), UInt64(kept.reduce(0) { $0 + $1.count }))
  }

  func testASecondTryOfARequestIsCountedOnce() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    try bench.startConsumer()
    let pool = try bench.journal()
    let spare = try bench.journal()
    // In one batch, in either order.
    pool.record(.sample(1))
    spare.record(.sample(1, isRetried: true))
    spare.record(.sample(2, isRetried: true))
    pool.record(.sample(2))
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    // The first pool's click is stored long before; then the backup pool's.
    pool.record(.sample(3))
    XCTAssertTrue(try bench.waits(for: 3), bench.log)
    spare.record(.sample(3, isRetried: true))
    spare.record(.sample(4, isRetried: true))
    XCTAssertTrue(try bench.waits(for: 4), bench.log)
    // A consumer that starts reads the retries from the table.
    bench.killConsumer()
    try bench.startConsumer()
    pool.record(.sample(4))
    pool.record(.sample(5))
    XCTAssertTrue(try bench.waits(for: 5), bench.log)
    XCTAssertEqual(Set(try bench.storedEvents()).count, 5)
  }

  func testAForeignMessageGoesToTheDeadLetters() throws {
    let bench = try Workbench()
    try bench.startConsumer()
    let connection = try bench.connect()
    try bench.topology.declare(on: connection)
    try Array("hello".utf8).withUnsafeBufferPointer {
      try connection.publish(
        to: bench.topology.exchange, routingKey: bench.topology.queue, contentType: "text/plain",
        headers: [:], body: $0)
    }
    XCTAssertTrue(try eventually(seconds: 10) { try bench.deadLetters().map(\.body) == ["hello"] })
  }

  func testTwoRelaysAndTwoConsumersDoTheWorkOfOne() throws {
    let bench = try Workbench()
    try bench.startRelay()
    try bench.startConsumer()
    let first = (relay: bench.relay, consumer: bench.consumer)
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    try bench.startRelay()
    try bench.startConsumer()
    journal.record(.sample(2))
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    first.relay?.signal(SIGKILL)
    first.consumer?.signal(SIGKILL)
    journal.record(.sample(3))
    XCTAssertTrue(try bench.waits(for: 3), bench.log)
    XCTAssertTrue(bench.log.contains("standing by"))
  }
}
