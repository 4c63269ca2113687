import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Service
import TestSupport
import XCTest

@testable import Journals
@testable import Ledger

/// The account of answered redirects against the stored clicks, at sizes that grow.
final class ReconciliationTests: XCTestCase {
  private let start: Int64 = 1_763_841_000

  /// The account of redirects of these numbers; 2400 were answered in each second.
  private func account(
    _ bench: Workbench, _ numbers: some Sequence<UInt64>, replay: ClickReplay? = nil
  ) throws -> Reconciliation {
    try JournalDirectory(bench.directory).make()
    var account = Reconciliation(
      try ClickLedger(bench.settings()), try .ofNowhere(bench), replay: replay, waitSeconds: 0,
      note: { _ in })
    for number in numbers {
      try account.add(
        AnsweredRedirect(event: EventID(high: 7, low: number), seconds: start + second(number)))
    }
    try account.finish()
    return account
  }

  private func second(_ number: UInt64) -> Int64 { Int64(number / 2400) }

  /// Stores the clicks of the numbers 0..<count.
  private func store(_ count: Int, on bench: Workbench) throws {
    try bench.client.execute(
      """
      INSERT INTO visits (link, timestamp, event_id, ingest_day)
      SELECT number % 50, toDateTime(\(start) + intDiv(number, 2400), 'UTC'), \
        toFixedString(unhex(concat('0000000000000007', \
          substring('0000000000000000', 1, 16 - length(digits)), digits)), 16), \
        toDate(20414) \
      FROM (SELECT number, lower(hex(reverse(reinterpretAsString(number)))) AS digits \
        FROM numbers(\(count)))
      """, timeout: 120_000)
  }

  private func sum(_ account: Reconciliation) -> Reconciliation.Hour {
    account.hours.values.reduce(into: Reconciliation.Hour()) { sum, hour in
      sum.answered += hour.answered
      sum.stored += hour.stored
      sum.held += hour.held
      sum.missing += hour.missing
    }
  }

  /// Their ids are more than a client takes of one answer, and than a server reads of one statement.
  func testAnAccountIsExactBesideMoreThanEightMillionStoredClicks() throws {
    let bench = try Workbench()
    try store(8_400_000, on: bench)
    let missing: [UInt64] = (0..<100).map { 8_400_000 + $0 }
    // Dense at first, then one of 700 up to the end of the hour: some whole questions of each kind.
    let dense = UInt64(2 * ClickLedger.eventsPerQuestion + 1000)
    let numbers = Array(0..<dense) + Array(stride(from: dense, to: 8_400_000, by: 100))
    let account = try account(bench, numbers + missing)
    XCTAssertEqual(
      sum(account),
      .init(answered: numbers.count + 100, stored: numbers.count, held: 0, missing: 100))
    XCTAssertEqual(account.missing.map(\.low).sorted(), missing)
    XCTAssertEqual(account.missingCount, 100)
    XCTAssertEqual(account.hours.keys.sorted(), [start / 3600, start / 3600 + 1])
    XCTAssertEqual(
      account.hours[start / 3600]?.answered, numbers.count { second($0) < 3600 - start % 3600 })
  }

  func testAClickIsFoundMinutesFromItsRedirectAndStoredOnAnyDay() throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let bench = try Workbench(clickHouse: url)
      for (number, offset, day) in [
        (0, -590, 20_000), (1, 590, 20_414), (2, 0, 20_000), (3, 0, 20_500), (4, -700, 20_414),
      ] {
        let event = EventID(high: 7, low: UInt64(number)).description
        try bench.client.execute(
          """
          INSERT INTO visits (link, timestamp, event_id, ingest_day)
          SELECT 7, toDateTime(\(start + Int64(offset)), 'UTC'), \
          toFixedString(unhex(\(event)), 16), toDate(\(day))
          """)
      }
      let account = try account(bench, 0..<6)
      XCTAssertEqual(account.missing.map(\.low).sorted(), [4, 5], url ?? "18.16")
    }
  }

  /// A statement about so many is longer than a server reads by default.
  func testAWholeQuestionIsReadByBothServers() throws {
    try Workbench.onBothServers { bench in
      let count = ClickLedger.eventsPerQuestion
      try store(count - 1, on: bench)
      let account = try account(bench, 0..<UInt64(count))
      XCTAssertEqual(sum(account), .init(answered: count, stored: count - 1, missing: 1))
    }
  }

  /// While clicks from before the seam are copied into `visits` they are in both tables.
  func testClicksFromBeforeTheSeamAreFoundWhereverTheyAre() throws {
    try Workbench.onBothServers { bench in
      func check(_ place: String, missing: [UInt64]) throws {
        let account = try account(bench, 0..<6)
        XCTAssertEqual(sum(account).stored, 6 - missing.count, place)
        XCTAssertEqual(account.missing.map(\.low).sorted(), missing, place)
      }
      try store([0, 1, 2], in: "clicks_before", "short_code", "'abc'", on: bench)
      try store([3], in: "visits", "link", "7", on: bench)
      try check("before", missing: [4, 5])
      try store([0, 1], in: "visits", "link", "7", on: bench)
      try check("half way", missing: [4, 5])
      try store([2], in: "visits", "link", "7", on: bench)
      try bench.client.execute("ALTER TABLE clicks_before DROP PARTITION '2025-11-22'")
      try check("being dropped", missing: [4, 5])
      try bench.client.execute("DROP TABLE clicks_before")
      try store([4], in: "visits", "link", "7", on: bench)
      try check("after", missing: [5])
    }
  }

  private func store(
    _ numbers: [UInt64], in table: String, _ key: SQL, _ value: SQL, on bench: Workbench
  ) throws {
    for number in numbers {
      let event = EventID(high: 7, low: number).description
      try bench.client.execute(
        """
        INSERT INTO \(identifier: table) (\(key), timestamp, event_id, ingest_day)
        SELECT \(value), toDateTime(\(start), 'UTC'), toFixedString(unhex(\(event)), 16), \
        toDate('2025-11-22')
        """)
    }
  }

  func testARedirectThatIsLoggedTwiceIsAnsweredOnce() throws {
    let bench = try Workbench()
    XCTAssertEqual(try sum(account(bench, [1, 1, 2, 1])), .init(answered: 2, missing: 2))
    // However far its lines are from each other.
    let count = ClickLedger.eventsPerQuestion + 1000
    let twice = try sum(account(bench, Array(0..<UInt64(count)) + [3]))
    XCTAssertEqual(twice, .init(answered: count, missing: count))
  }

  func testWhatJournalsHoldIsReplayedAndCountedAsItWasWritten() throws {
    let bench = try Workbench()
    let journal = try bench.journal()
    for number in 0..<9000 { journal.record(.sample(number, at: start * 1000)) }
    try store(1000, on: bench)
    let replay = try ClickReplay(bench.settings())
    let account = try account(bench, 0..<9010, replay: replay)
    XCTAssertEqual(
      sum(account), .init(answered: 9010, stored: 1000, held: 8000, missing: 10))
    XCTAssertEqual(account.replayed?.written, 8000)
    XCTAssertEqual(account.replayed?.refused, 0)
    let lines = try journals(of: bench)
    XCTAssertEqual(lines.count, 17_000)
    XCTAssertEqual(lines.count { $0.contains(#""retried":true"#) }, 8000)
    // Nothing else of the replay is held.
    XCTAssertEqual(try self.account(bench, 0..<9010).replayed?.written, nil)
  }

  func testAJournalIsReadLineByLineHoweverLongItIs() throws {
    let bench = try Workbench()
    let directory = JournalDirectory(bench.directory)
    try directory.make()
    let journal = JournalID(rawValue: 7)
    // Several buffers, with an overlong line among the others and a torn one at the end.
    let short = (0..<40_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
    let long = String(repeating: "y", count: 3 << 20)
    let text = (short + [long] + short).joined(separator: "\n") + "\ntorn"
    try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file(journal)))
    var lines: [String] = []
    XCTAssertTrue(
      try directory.forEachLine(of: journal) { line in
        lines.append(String(decoding: line, as: UTF8.self))
        return true
      })
    XCTAssertEqual(lines.filter { $0.hasPrefix("line ") }, short + short)
    XCTAssertEqual(lines.count { !$0.hasPrefix("line ") }, 1, "the rest of the overlong line")
    var count = 0
    XCTAssertFalse(
      try directory.forEachLine(of: journal) { _ in
        count += 1
        return count < 3
      })
    XCTAssertEqual(count, 3)
    XCTAssertTrue(
      try directory.forEachLine(of: JournalID(rawValue: 8)) { _ in false }, "it is no more")
  }

  /// The journals are at their bound: it is no loss, since they still have what was refused.
  func testAReplayThatTheBoundRefusesSaysSoAndCountsNoClickAsDropped() throws {
    let bench = try Workbench(["JOURNAL_MAX_BYTES": "1048576"])
    let journal = try bench.journal()
    for number in 0..<6000 { journal.record(.sample(number, at: start * 1000)) }
    let replay = try ClickReplay(bench.settings())
    let account = try account(bench, 0..<6000, replay: replay)
    XCTAssertEqual(sum(account).held, 6000)
    XCTAssertEqual(account.replayed?.refused, 6000)
    XCTAssertEqual(account.replayed?.written, 0)
    XCTAssertEqual(try journals(of: bench).count, 6000)
    XCTAssertEqual(DropCounter.total(in: bench.state), 0)
  }

  private func journals(of bench: Workbench) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: bench.directory)
      .filter { $0.hasSuffix(".ndjson") }
      .flatMap { name in
        try String(contentsOfFile: bench.directory + "/" + name, encoding: .utf8)
          .split(separator: "\n").map(String.init)
      }
  }
}
