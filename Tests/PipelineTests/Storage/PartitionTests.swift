import ClickHouse
import Clicks
import EngineSupport
import Service
import TestSupport
import XCTest

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

  private func store(_ sink: ClickSink, at milliseconds: Int64) throws {
    let next = try sink.nextBatch(at: milliseconds)
    var rows = ClickColumns()
    for number in 1...10 {
      rows.append(
        .sample(Int(next.batch) * 100 + number, referrer: "https://r.example/"),
        at: .line(endingAt: Int(next.batch) * 100 + number, of: journal))
    }
    try sink.insertClicks(rows, batch: next.batch, day: next.day)
    try sink.insertCounts(
      rows, ends: [journal: Int(next.batch) * 100 + 10], batch: next.batch, targets: .all)
  }

  private func partitions(_ bench: Workbench) throws -> [String] {
    try bench.client.select(
      """
      SELECT DISTINCT partition FROM system.parts
      WHERE active AND database = currentDatabase() AND table = 'visits' ORDER BY partition
      """
    ).map { $0[0] }
  }

  /// The partition of a day's month.
  private func name(_ milliseconds: Int64, _ bench: Workbench) throws -> String {
    let month = try bench.number("SELECT toYYYYMM(toDate(\(Int(milliseconds / day))))")
    return "(\(month),0)"
  }

  func testAClockThatIsYearsAheadPinsNoPartition() throws {
    try Workbench.onBothServers { bench in
      let now = SystemClock.milliseconds()
      let sink = try sink(bench)
      try store(sink, at: now - 40 * day)
      try store(sink, at: now + 2000 * day)
      try store(sink, at: .max)
      // The clock is right again, and a successor's is.
      try store(sink, at: now)
      try store(self.sink(bench), at: now)
      XCTAssertEqual(
        try partitions(bench), [try name(now - 40 * day, bench), try name(now, bench)])
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

  func testAProbeSparesCopiedClicksOfAClockAtItsBeginning() throws {
    try Workbench.onBothServers { bench in
      let sink = try sink(bench)
      let rows: SQL = "SELECT count() FROM visits"
      try sink.probe()
      XCTAssertEqual(try bench.number(rows), 0)
      try sink.insert(
        "batch, ingest_day, targets", "SELECT toUInt64(1), toDate(2), toUInt32(16)", batch: 1)
      for probes in 1...2 {
        try sink.probe()
        XCTAssertEqual(try bench.number(rows), 1 + probes)
      }
    }
  }
}
