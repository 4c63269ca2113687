import AMQP
import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import Metrics
import Service
import TestSupport
import XCTest

/// What the relay and the consumer count on the way of the clicks.
final class ClickMetricsTests: XCTestCase {
  private func read(_ bench: Workbench) throws -> MetricsSnapshot {
    try MetricsReader(bench.settings(), beatAge: { 0 }).read()
  }

  func testEveryClickIsCountedOnceOnEachPartOfItsWay() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "100"])
    let meter = MetricsDirectory(try bench.settings()).meter(
      .redirects, log: Log.make("test", level: "critical"))
    let journal = try ClickJournal(
      directory: bench.directory, state: bench.state, segmentBytes: 1 << 20, meter: meter)
    for number in 0..<1000 { journal.record(.sample(number)) }
    var snapshot = try read(bench)
    let bytes = try XCTUnwrap(snapshot.journals?.bytes)
    XCTAssertEqual(snapshot.journals?.unconfirmedBytes, bytes)
    XCTAssertEqual(snapshot.totals.count(.clicksRecorded, .redirects), 1000)
    XCTAssertNil(snapshot.totals.gauge(.messages(.clicks), .relay))

    // Without a consumer they wait in the queue.
    try bench.startRelay()
    XCTAssertTrue(
      try eventually(seconds: 30) {
        let snapshot = try read(bench)
        return snapshot.journals?.unconfirmedBytes == 0
          && snapshot.totals.gauge(.messages(.clicks), .relay) ?? 0 > 0
      }, bench.log)
    snapshot = try read(bench)
    XCTAssertEqual(snapshot.totals.gauge(.consumers(.clicks), .relay), 0)
    XCTAssertEqual(snapshot.totals.gauge(.isConnected, .relay), 1)
    XCTAssertEqual(snapshot.totals.gauge(.isBlocked, .relay), 0)
    XCTAssertEqual(snapshot.totals.gauge(.unconfirmedMessages, .relay), 0)
    XCTAssertNil(snapshot.lagMilliseconds)
    XCTAssertEqual(snapshot.totals.count(.confirmedBytes, .relay), UInt64(bytes))
    XCTAssertEqual(
      snapshot.totals.count(.confirmedMessages, .relay),
      snapshot.totals.count(.publishedMessages, .relay))

    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 1000), bench.log)
    XCTAssertTrue(
      try eventually(seconds: 30) {
        let totals = try read(bench).totals
        return totals.count(.rows, .consumer) == 1000
          && totals.gauge(.messages(.clicks), .relay) == 0
          && totals.gauge(.consumers(.clicks), .relay) == 1
      }, bench.log)
    snapshot = try read(bench)
    let batches = snapshot.totals.count(.batches, .consumer)
    XCTAssertEqual(
      snapshot.totals.distribution(.batchRows, .consumer).buckets.last, batches)
    XCTAssertEqual(snapshot.totals.distribution(.batchRows, .consumer).sum, 1000)
    XCTAssertEqual(
      snapshot.totals.distribution(.insert, .consumer).buckets.last, 2 * batches,
      "clicks, then counts")
    XCTAssertNotNil(snapshot.totals.latest(.batchStored, .consumer))
    XCTAssertEqual(snapshot.totals.count(.insertErrors, .consumer), 0)
  }

  func testALineThatIsNoClickIsADeadLetterAndARemark() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "100"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = JournalDirectory(bench.directory)
    try journal.make()
    try Data("no click\n".utf8).write(
      to: URL(fileURLWithPath: journal.file(JournalID(rawValue: 7))))
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try MetricsReader(bench.settings(), beatAge: { 0 }).remarks == ["dead letters: 1"]
      }, bench.log)
    XCTAssertEqual(try read(bench).totals.count(.deadLetters, .consumer), 1)
    XCTAssertEqual(try read(bench).totals.count(.rows, .consumer), 0)
  }

  func testWhatIsCountedOutlivesTheRelayAndTheConsumer() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "50", "RELAY_MESSAGE_BYTES": "12000"])
    let journal = try bench.journal()
    var last = (confirmed: UInt64(0), rows: UInt64(0))
    for round in 1...4 {
      try bench.startRelay()
      try bench.startConsumer()
      for number in 0..<200 { journal.record(.sample(round * 1000 + number)) }
      XCTAssertTrue(
        try eventually(seconds: 30) {
          let totals = try read(bench).totals
          let now = (totals.count(.confirmedMessages, .relay), totals.count(.rows, .consumer))
          XCTAssertGreaterThanOrEqual(now.0, last.confirmed)
          XCTAssertGreaterThanOrEqual(now.1, last.rows)
          last = now
          return now.1 > UInt64(150 * round)
        }, bench.log)
      bench.killRelay()
      bench.killConsumer()
      let totals = try read(bench).totals
      XCTAssertEqual(totals.count(.starts, .relay), UInt64(round))
      XCTAssertEqual(totals.processes(.relay), 0)
      XCTAssertNil(totals.gauge(.isConnected, .relay))
    }
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 800), bench.log)
  }

  func testABrokerThatIsLostShowsAndWhatItHadNotConfirmedIsSentAgain() throws {
    let address = try XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL")))
    let proxy = try FaultProxy(to: UInt16(address.port))
    let bench = try Workbench([
      "RABBITMQ_URL": "amqp://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/%2F"
    ])
    try bench.startRelay()
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(
      try eventually(seconds: 30) { try read(bench).totals.count(.confirmedMessages, .relay) == 1 },
      bench.log)
    proxy.mode = .swallow
    journal.record(.sample(2))
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try read(bench).totals.gauge(.unconfirmedMessages, .relay) == 1
      }, bench.log)
    proxy.mode = .refuse
    proxy.cut()
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let totals = try read(bench).totals
        return totals.gauge(.isConnected, .relay) == 0
          && totals.count(.resentMessages, .relay) == 1
          && totals.gauge(.messages(.clicks), .relay) == nil
      }, bench.log)
    XCTAssertGreaterThan(try XCTUnwrap(try read(bench).journals).unconfirmedBytes, 0)
    proxy.mode = .pass
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let snapshot = try read(bench)
        return snapshot.totals.gauge(.isConnected, .relay) == 1
          && snapshot.totals.gauge(.messages(.clicks), .relay) ?? 0 >= 2
          && snapshot.journals?.unconfirmedBytes == 0
      }, bench.log)
    XCTAssertEqual(try read(bench).totals.count(.confirmedMessages, .relay), 2)
    XCTAssertEqual(try read(bench).totals.count(.publishedMessages, .relay), 3)
  }

  func testInsertsThatFailAreCounted() throws {
    let address = try XCTUnwrap(ServerAddress(url: TestStack.value("CLICKHOUSE_URL")))
    let proxy = try FaultProxy(to: address.port)
    let bench = try Workbench(
      clickHouse: "http://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/default",
      ["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    XCTAssertEqual(try read(bench).totals.count(.insertErrors, .consumer), 0)
    proxy.mode = .loseInsertAnswers
    journal.record(.sample(2))
    XCTAssertTrue(
      try eventually(seconds: 30) { try read(bench).totals.count(.insertErrors, .consumer) > 0 },
      bench.log)
    proxy.mode = .pass
    XCTAssertTrue(try bench.waits(for: 2, seconds: 60), bench.log)
    XCTAssertTrue(
      try eventually(seconds: 30) { try read(bench).totals.count(.rows, .consumer) == 2 }, bench.log
    )
  }
}
