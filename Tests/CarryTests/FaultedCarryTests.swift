import ClickHouse
import EngineSupport
import Glibc
import TestSupport
import XCTest

@testable import Carry

/// A carry whose engine fails meanwhile: it waits, and goes on by itself.
final class FaultedCarryTests: XCTestCase {
  func testWhateverAnswersAreLostEachClickIsThereOnce() throws {
    var random = SplitMix64(seed: 3)
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldClicks(bench, rows: 40_000)
      let proxy = try FaultProxy(to: UInt16(bench.client.address.port))
      defer { proxy.stop() }
      let database = bench.client.address.database
      let process = try old.start(
        ["--keep", "--rate", "0", "--rows", "500"],
        ["CLICKHOUSE_URL": "http://default@127.0.0.1:\(proxy.port)/\(database)"])
      var cuts = 0
      while process.wait(seconds: .random(in: 0.02...0.6, using: &random)) == nil, cuts < 25 {
        proxy.reset()
        cuts += 1
      }
      XCTAssertGreaterThan(proxy.harm, 0)
      XCTAssertEqual(process.wait(seconds: 120), 0, old.log())
      try old.assertAllIsCarried()
    }
  }

  /// Questions and inserts of clicks have two minutes and more.
  func testAskedToStopItWaitsForNoAnswer() throws {
    let old = try OldClicks(Workbench(migratedTo: 3), rows: 40_000)
    let proxy = try FaultProxy(to: UInt16(old.bench.client.address.port))
    defer { proxy.stop() }
    let database = old.bench.client.address.database
    let process = try old.start(
      ["--rate", "0", "--rows", "50"],
      ["CLICKHOUSE_URL": "http://default@127.0.0.1:\(proxy.port)/\(database)"])
    XCTAssertTrue(
      try eventually(seconds: 30) { try old.bench.number("SELECT count() FROM visits") > 0 })
    proxy.mode = .swallow
    XCTAssertTrue(eventually(seconds: 30) { proxy.harm > 0 })
    process.signal(SIGTERM)
    XCTAssertEqual(process.wait(seconds: 60), 130, old.log())
  }

  /// The limit is one of the server's whole session, as chdb has it.
  func testAServerShortOfMemoryIsGivenSmallerRanges() throws {
    let current = try CurrentEngine()
    let bench = try Workbench(clickHouse: current.url, migratedTo: 3)
    let old = try OldClicks(bench, rows: 400_000)
    try bench.client.execute("SET max_memory_usage = 60000000")
    let carry = try old.carry(rangeRows: 100_000)
    XCTAssertEqual(try carry.run(), .kept)
    try bench.client.execute("SET max_memory_usage = 0")
    try old.assertAllIsCarried()
    XCTAssertGreaterThan(carry.shortages, 0, "no range was too large")
  }

  /// As if half a million links had been made by hand.
  func testNamesThatARangeHasNoClicksOfTakeNoMemory() throws {
    let current = try CurrentEngine()
    let bench = try Workbench(clickHouse: current.url, migratedTo: 3)
    let old = try OldClicks(bench, rows: 4000)
    try LinkNames(client: bench.client).make(of: NamedLinks { try old.postgres.admin() })
    try bench.client.execute(
      """
      INSERT INTO link_names SELECT concat('made by hand ', toString(number)), 5000000 + number
      FROM numbers(500000)
      """, timeout: 60_000)
    XCTAssertTrue(try CountCopies(client: bench.client, blockRows: 65_536).make {})
    try bench.client.execute("SET max_memory_usage = 40000000")
    let status = try old.start(["--keep", "--rate", "0"]).wait(seconds: 60)
    try bench.client.execute("SET max_memory_usage = 0")
    XCTAssertEqual(status, 0, old.log())
    try old.assertAllIsCarried()
  }
}
