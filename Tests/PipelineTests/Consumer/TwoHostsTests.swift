import ClickHouse
import Clicks
import EngineSupport
import Journals
import TestSupport
import XCTest

@testable import Pipeline

/// Consumers with directories of their own, as two hosts have them, on one queue and one database.
final class TwoHostsTests: XCTestCase {

  private func insertClicks(_ sink: ClickSink) throws -> (UInt64, ClickColumns) {
    let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
    var rows = ClickColumns()
    for number in 1...10 {
      rows.append(.sample(number), at: .line(endingAt: number, of: JournalID(rawValue: 9)))
    }
    try sink.insertClicks(rows, batch: batch, day: day)
    return (batch, rows)
  }

  func testAConsumerThatStandsByWritesNothing() throws {
    let bench = try Workbench()
    let active = ClickSink(bench.client, insertTimeout: 20_000)
    try active.takeOver()
    let (batch, rows) = try insertClicks(active)
    let other = try bench.consumer(onHost: "b")
    XCTAssertTrue(eventually(seconds: 10) { bench.log.contains("connected to the broker") })
    try active.insertCounts(
      rows, ends: [JournalID(rawValue: 9): 10], batch: batch, targets: .all)
    XCTAssertEqual(try bench.totals(), [10, 10, 10, 10])
    other.signal(SIGTERM)
    XCTAssertEqual(other.wait(seconds: 10), 0, bench.log)
  }

  func testAConsumerWithADeliveryFencesOffTheOneBefore() throws {
    let bench = try Workbench()
    let zombie = ClickSink(
      try Client(bench.client.address, timeout: 20_000), insertTimeout: 20_000)
    try zombie.takeOver()
    let (batch, rows) = try insertClicks(zombie)
    try bench.startRelay()
    let consumer = try bench.consumer(onHost: "b")
    try bench.journal().record(.sample(11))
    XCTAssertTrue(try bench.waits(for: 11), bench.log)
    XCTAssertTrue(bench.log.contains("ended amid an insert"), bench.log)
    XCTAssertThrowsError(
      try zombie.insertCounts(rows, ends: [:], batch: batch, targets: .all)
    ) { XCTAssertTrue($0 is ClickFence.Fenced, "\($0)") }
    XCTAssertEqual(try bench.totals(), [11, 11, 11, 11])
    consumer.signal(SIGTERM)
    XCTAssertEqual(consumer.wait(seconds: 10), 0, bench.log)
  }

  func testClicksCountOnceWhateverBecomesOfTheConsumers() throws {
    let bench = try Workbench(["BATCH_MAX_MS": "10", "BATCH_MAX_ROWS": "200"])
    try bench.startRelay()
    let journal = try bench.journal()
    var random = SplitMix64(seed: 7)
    var recorded = 0
    func load(_ clicks: Int) {
      for _ in 0..<clicks {
        recorded += 1
        journal.record(.sample(recorded))
        usleep(1000)
      }
    }
    let hosts = ["a", "b"]
    var consumers = try hosts.map { try bench.consumer(onHost: $0) }
    for turn in 0..<12 {
      load(300)
      let host = Int.random(in: 0...1, using: &random)
      if turn % 3 == 2 {
        // Stopped until the other one has died: its inserts meet those of the one that takes over.
        consumers[host].signal(SIGSTOP)
        load(100)
        consumers[1 - host].signal(SIGKILL)
        consumers[host].signal(SIGCONT)
        _ = consumers[1 - host].wait(seconds: 5)
        consumers[1 - host] = try bench.consumer(onHost: hosts[1 - host])
      } else {
        consumers[host].signal(turn % 2 == 0 ? SIGKILL : SIGTERM)
        _ = consumers[host].wait(seconds: 10)
        consumers[host] = try bench.consumer(onHost: hosts[host])
      }
    }
    XCTAssertTrue(try bench.waits(for: recorded, seconds: 60), bench.log)
    XCTAssertEqual(Set(try bench.storedEvents()).count, recorded)
    XCTAssertTrue(bench.log.contains("standing by: another consumer is active"))
    XCTAssertEqual(try bench.gates().count, 1)
  }
}
