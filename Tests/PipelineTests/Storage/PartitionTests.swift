import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Service
import TestSupport
import XCTest

@testable import Migrations
@testable import Pipeline

/// Which partition a batch goes into when a clock is wrong, on the server under test and on a current
/// one alike.
final class PartitionTests: XCTestCase {
  private let journal = JournalID(rawValue: 1)
  private let day: Int64 = 86_400_000

  private func sink(_ bench: Workbench) throws -> ClickSink {
    let sink = ClickSink(bench.client, insertTimeout: 20_000)
    try sink.takeOver()
    return sink
  }

  private func store(_ sink: ClickSink, at milliseconds: Int64, in day: UInt16? = nil) throws {
    let next = try sink.nextBatch(at: milliseconds)
    var rows = ClickColumns()
    for number in 1...10 {
      rows.append(
        .sample(Int(next.batch) * 100 + number, referrer: "r"),
        at: .line(endingAt: Int(next.batch) * 100 + number, of: journal))
    }
    try sink.insertClicks(rows, batch: next.batch, day: day ?? next.day)
    try sink.insertCounts(
      rows, ends: [journal: Int(next.batch) * 100 + 10], batch: next.batch, targets: .all)
  }

  private func partitions(_ bench: Workbench) throws -> [String] {
    try bench.client.select(
      """
      SELECT DISTINCT partition FROM system.parts
      WHERE active AND database = currentDatabase() AND table = 'clicks' ORDER BY partition
      """
    ).map { $0[0] }
  }

  private func name(_ milliseconds: Int64, _ bench: Workbench) throws -> String {
    try XCTUnwrap(
      try bench.client.select("SELECT toString(toDate(\(Int(milliseconds / day))))").first)[0]
  }

  func testAClockThatIsYearsAheadPinsNoPartition() throws {
    try Workbench.onBothServers { bench in
      let now = SystemClock.milliseconds()
      let sink = try sink(bench)
      try store(sink, at: now - 9 * day)
      try store(sink, at: now + 2000 * day)
      try store(sink, at: .max)
      // The clock is right again, and a successor's is.
      try store(sink, at: now)
      try store(self.sink(bench), at: now)
      XCTAssertEqual(try partitions(bench), [try name(now - 9 * day, bench), try name(now, bench)])
      XCTAssertFalse(try sink.isAhead())
      XCTAssertNil(try PartitionAhead.find(bench.client, database: bench.client.address.database))
    }
  }

  func testTheServersClockIsAskedOnceADay() throws {
    let address = try XCTUnwrap(ServerAddress(url: TestStack.value("CLICKHOUSE_URL")))
    let proxy = try FaultProxy(to: address.port)
    defer { proxy.mode = .pass }
    let bench = try Workbench(
      clickHouse:
        "http://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/default")
    let now = SystemClock.milliseconds()
    let sink = try sink(bench)
    proxy.mode = .refuse
    proxy.cut()
    let error = try assertThrows(ClickHouseError.self) {
      _ = try sink.nextBatch(at: now)
    }
    XCTAssertTrue(error.isRetriable)
    proxy.mode = .pass
    _ = try sink.nextBatch(at: now)
    proxy.mode = .refuse
    proxy.cut()
    // Without an answer of the server none of these would have a day.
    for _ in 0..<100 { _ = try sink.nextBatch(at: now - 1000) }
  }

  func testClicksOfAClockAtItsBeginningAreNotTakenForAProbe() throws {
    let bench = try Workbench()
    let sink = try sink(bench)
    try store(sink, at: 0)
    try sink.probe()
    try store(sink, at: day)
    try sink.probe()
    XCTAssertEqual(try bench.totals(), [20, 20, 20, 20])
  }

  func testAPartitionOfADayToComeIsToldAndCanBeMoved() throws {
    try Workbench.onBothServers { bench in
      let now = SystemClock.milliseconds()
      let database = bench.client.address.database
      let ahead = [now + 900 * day, now + 1000 * day]
      let names = try ahead.map { try name($0, bench) }
      let old = try sink(bench)
      try store(old, at: now - 2 * day)
      for time in ahead { try store(old, at: now - 2 * day, in: UInt16(time / day)) }

      // It is exact with them: the last batch is in the last partition.
      let pinned = try sink(bench)
      XCTAssertTrue(try pinned.isAhead())
      try store(pinned, at: now)
      XCTAssertEqual(try partitions(bench).suffix(2), names[...])
      for (name, left) in zip(names, [names, [names[1]]]) {
        let found = try XCTUnwrap(PartitionAhead.find(bench.client, database: database))
        XCTAssertEqual(found.days, left)
        for statement in try statements() {
          let filled = statement.replacingOccurrences(of: "AHEAD", with: name)
            .replacingOccurrences(of: "FREE", with: found.freeDay)
          if filled.contains("throwIf") {
            XCTAssertEqual(try bench.client.select(SQL(unsafe: filled)).first, ["0"])
          } else {
            try bench.client.execute(SQL(unsafe: filled))
          }
        }
      }
      XCTAssertNil(try PartitionAhead.find(bench.client, database: database))
      XCTAssertEqual(try bench.totals(), [40, 40, 40, 40])

      let successor = try sink(bench)
      let (batch, last) = try successor.nextBatch(at: now)
      XCTAssertEqual(batch, 5)
      XCTAssertLessThanOrEqual(Int64(last), now / day + 1)
      try store(successor, at: now)
      XCTAssertEqual(try bench.totals(), [50, 50, 50, 50])
      XCTAssertEqual(Set(try bench.storedEvents()).count, 50)
    }
  }

  /// The statements that supervisor/README.md gives.
  private func statements() throws -> [String] {
    let handbook = try Repository.text("supervisor/README.md")
    let parts = handbook.components(separatedBy: "```sql\n")
    let script = try XCTUnwrap(parts.first { $0.hasPrefix("CREATE TABLE clicks_moved") })
    return SQLScript.statements(in: script.components(separatedBy: "```")[0])
  }
}
