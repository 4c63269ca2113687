import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import Links
import TestSupport
import XCTest

/// Deletions of visits, which the active consumer carries out between two batches.
final class VisitDeletionTests: XCTestCase {
  private let link = SnowflakeID(rawValue: 384_036_974_793_916_416)
  private let other = SnowflakeID(rawValue: 384_036_974_793_916_417)

  /// A workbench with one journal and all programs, of which the consumer may be killed.
  private final class Scene {
    let bench: Workbench
    private let journal: ClickJournal
    private var sent = 0

    init(_ bench: Workbench) throws {
      self.bench = bench
      journal = try bench.journal()
      try bench.startRelay()
      try bench.startConsumer()
    }

    func send(_ count: Int, of link: SnowflakeID) {
      for _ in 0..<count {
        sent += 1
        journal.record(
          Click(
            eventID: EventID(high: 9, low: UInt64(sent)), shortCode: Slug(link).description,
            milliseconds: 1_763_841_000_000, address: "192.0.2.1", referrer: "https://r.example/x"))
      }
    }

    /// The clicks of a link in the table and in each count.
    func clicks(of link: SnowflakeID) throws -> [Int] {
      let sources = [
        "visits WHERE link", "link_totals WHERE scope", "link_days WHERE scope",
        "link_referrers WHERE scope",
      ]
      return try sources.enumerated().map { number, source in
        let sum: SQL = number == 0 ? "count()" : "sumMerge(clicks)"
        return try bench.number(
          "SELECT \(sum) FROM \(SQL(unsafe: source)) = \(link.rawValue)")
      }
    }

    func waits(for count: Int, of link: SnowflakeID) throws -> Bool {
      try eventually(seconds: 60) { try clicks(of: link) == [count, count, count, count] }
    }

    func ask(_ id: Int, of link: SnowflakeID) throws {
      try bench.client.execute(
        "INSERT INTO visit_deletions VALUES (\(id), \(link.rawValue), 'asked', 1, 1700000000)")
    }

    /// Waits until so many deletions are done, and their mutations.
    func waitsForDeletions(_ count: Int) throws -> Bool {
      try eventually(seconds: 60) {
        try bench.number("SELECT count() FROM visit_deletions WHERE step = 'done'") == count
          && bench.number(
            "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND is_done = 0"
          ) == 0
      }
    }
  }

  func testADeletionTakesTheVisitsOfOneLinkFromTheTableAndFromAllCounts() throws {
    try Workbench.onBothServers { bench in
      try bench.client.execute("DROP TABLE IF EXISTS clicks_before")
      let scene = try Scene(bench)
      scene.send(100, of: link)
      scene.send(50, of: other)
      XCTAssertTrue(try scene.waits(for: 100, of: link), bench.log)
      try scene.ask(1, of: link)
      XCTAssertTrue(try scene.waitsForDeletions(1), bench.log)
      XCTAssertEqual(try scene.clicks(of: link), [0, 0, 0, 0])
      scene.send(10, of: link)
      XCTAssertTrue(try scene.waits(for: 10, of: link), bench.log)
      XCTAssertTrue(try scene.waits(for: 50, of: other), bench.log)
      XCTAssertEqual(bench.stop(), [0, 0], bench.log)
    }
  }

  func testManyDeletionsAreOneMutationOfEachTable() throws {
    let bench = try Workbench()
    try bench.client.execute("DROP TABLE IF EXISTS clicks_before")
    let scene = try Scene(bench)
    scene.send(5, of: other)
    XCTAssertTrue(try scene.waits(for: 5, of: other), bench.log)
    // Of links without visits, and of one link with visits, again and again.
    try bench.client.execute(
      """
      INSERT INTO visit_deletions
      SELECT number + 1, \(other.rawValue) + number % 50, 'asked', 1, 1700000000 FROM numbers(100)
      """)
    XCTAssertTrue(try scene.waitsForDeletions(100), bench.log)
    XCTAssertEqual(try scene.clicks(of: other), [0, 0, 0, 0])
    XCTAssertEqual(
      try bench.number(
        """
        SELECT max(sent) FROM (
          SELECT count() AS sent FROM system.mutations WHERE database = currentDatabase() GROUP BY table)
        """), 1)
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  func testTableAndCountsAgreeWhenConsumersAreKilledAmidDeletions() throws {
    let bench = try Workbench()
    try bench.client.execute("DROP TABLE IF EXISTS clicks_before")
    let scene = try Scene(bench)
    scene.send(20, of: link)
    XCTAssertTrue(try scene.waits(for: 20, of: link), bench.log)
    for round in 1...6 {
      try scene.ask(round, of: link)
      scene.send(20, of: link)
      scene.send(20, of: other)
      usleep(UInt32(round) * 200_000)
      bench.killConsumer()
      try bench.startConsumer()
    }
    // A click wakes the last one.
    scene.send(1, of: other)
    XCTAssertTrue(try scene.waitsForDeletions(6), bench.log)
    XCTAssertTrue(try scene.waits(for: 121, of: other), bench.log)
    let left = try scene.clicks(of: link)
    XCTAssertEqual(Set(left).count, 1, "\(left) \(bench.log)")
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  func testNothingIsDeletedWhileOldClicksAreBeingCarried() throws {
    let bench = try Workbench()
    let scene = try Scene(bench)
    scene.send(5, of: link)
    XCTAssertTrue(try scene.waits(for: 5, of: link), bench.log)
    try scene.ask(1, of: link)
    // It looks once a second; so it has looked by the time of a later click.
    scene.send(5, of: link)
    XCTAssertTrue(try scene.waits(for: 10, of: link), bench.log)
    try bench.client.execute("DROP TABLE IF EXISTS clicks_before")
    XCTAssertTrue(try scene.waitsForDeletions(1), bench.log)
    XCTAssertEqual(try scene.clicks(of: link), [0, 0, 0, 0])
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }
}
