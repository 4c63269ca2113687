import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// What the tests of the seam have in common.
class SeamTestCase: XCTestCase {
  let journal = JournalID(rawValue: 7)
  let noon: Int64 = 1_763_841_000_000

  func sink(_ bench: Workbench, port: UInt16? = nil) throws -> ClickSink {
    let server = bench.client.address
    let address = ServerAddress(
      host: server.host, port: port ?? server.port, user: server.user, password: server.password,
      database: server.database)
    return ClickSink(try Client(address, timeout: 20_000), insertTimeout: 20_000)
  }

  func rows(_ count: Int) -> ClickColumns {
    var rows = ClickColumns()
    for number in 1...count {
      rows.append(.sample(number, at: noon), at: .line(endingAt: number, of: journal))
    }
    return rows
  }

  func store(_ sink: ClickSink) throws {
    let (batch, day) = try sink.nextBatch(at: noon)
    try sink.insertClicks(rows(10), batch: batch, day: day)
    try sink.insertCounts(rows(10), ends: [journal: 10], batch: batch, targets: .all)
  }

  /// An older consumer stores a batch and the clicks of another one; then the migration is applied.
  ///
  /// Where it has been applied, it is taken back first.
  ///
  /// - Returns: The older consumer, and its last batch.
  func arrive(_ bench: Workbench) throws -> (old: OldConsumer, last: Int) {
    let isBack = try bench.number("EXISTS TABLE clicks_before") == 1
    if isBack { try bench.client.execute("RENAME TABLE clicks_before TO clicks") }
    let old = try OldConsumer(bench.client)
    if isBack {
      for table in ["visits", "link_totals", "link_days", "link_referrers", "seam"] {
        try bench.client.execute("DROP TABLE \(identifier: table)")
      }
    }
    let last = try old.lastBatches().max() ?? 0
    try old.store(batch: last + 1)
    try old.insertClicks(batch: last + 2)
    try bench.migrate(above: 3)
    return (old, last + 2)
  }

  func checkBefore(_ bench: Workbench, _ clicks: Int, _ last: Int, _ place: String) throws {
    XCTAssertEqual(try bench.totalsBefore(), [clicks, clicks, clicks, clicks], place)
    XCTAssertEqual(try bench.lastOfBefore(), last, place)
  }

  /// An older consumer comes back, if the server lets it, and nothing of what it inserts is taken.
  func comeBack(_ bench: Workbench, after last: Int) {
    guard let back = try? OldConsumer(bench.client) else { return }
    for targets in [15, 1, 8] {
      XCTAssertThrowsError(try back.insertCounts(batch: last, targets: targets))
    }
    XCTAssertThrowsError(try back.insertClicks(batch: last + 1))
  }
}
