import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Links
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

@testable import Journals
@testable import Ledger

/// Clicks that are not stored because somebody has deleted the visits of their link.
final class DeletedVisitsTests: XCTestCase {
  private let start: Int64 = 1_763_841_000
  private let link = SnowflakeID(rawValue: 384_036_974_793_916_416)
  private let named = SnowflakeID(rawValue: 384_036_974_793_916_417)

  /// A deletion of visits: asked for at a second after the start, and done at another.
  private func delete(
    _ link: SnowflakeID, _ id: Int, asked: Int64 = 0, done: Int64?, on bench: Workbench
  ) throws {
    for (step, second) in [("asked", asked), ("done", done)] {
      guard let second else { continue }
      try bench.client.execute(
        """
        INSERT INTO visit_deletions
        VALUES (\(id), \(link.rawValue), \(step), 1, toDateTime(\(start + second), 'UTC'))
        """)
    }
  }

  private func account(
    of lines: [String], on bench: Workbench, _ database: ScratchPostgres, isReplay: Bool = false
  ) throws -> Reconciliation {
    try JournalDirectory(bench.directory).make()
    var account = Reconciliation(
      try ClickLedger(bench.settings()),
      try DeletedVisits(bench.settings(), links: database.session(), pageSize: 2),
      replay: isReplay ? try ClickReplay(bench.settings()) : nil, waitSeconds: 0, note: { _ in })
    for line in lines {
      guard case .redirect(let redirect) = RequestLogLine(Array(line.utf8)) else {
        throw NoRedirect(line: line)
      }
      try account.add(redirect)
    }
    try account.finish()
    return account
  }

  private struct NoRedirect: Error {
    let line: String
  }

  /// A line of nginx's log, of a visit at a second after the start.
  private func line(_ number: Int, _ path: String, at second: Int64, status: Int = 301) -> String {
    let time = ISO8601DateFormatter().string(
      from: Date(timeIntervalSince1970: Double(start + second)))
    return #"{"time":"\#(time)","request_id":"\#(EventID(high: 7, low: UInt64(number)))","#
      + #""request":"GET \#(path) HTTP/1.1","status":\#(status),"upstream":"u","#
      + #""upstream_status":"200"}"#
  }

  private func click(_ number: Int, _ name: String, _ id: SnowflakeID?, at second: Int64) -> Click {
    Click(
      eventID: EventID(high: 7, low: UInt64(number)), shortCode: name, linkID: id,
      milliseconds: (start + second) * 1000)
  }

  private func database() throws -> ScratchPostgres {
    let database = try ScratchPostgres()
    try database.admin().executeScript(
      unsafe: """
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
        VALUES (\(named.rawValue), 'promo', 'http://e.org/', now())
        """, "insert", timeoutMilliseconds: 10_000)
    return database
  }

  func testClicksOlderThanTheDeletionOfTheirLinkAreDeletedAndNotReplayed() throws {
    let database = try database()
    try Workbench.onBothServers { bench in
      try delete(link, 1, done: 100, on: bench)
      try delete(named, 2, done: 50, on: bench)
      try delete(named, 3, done: 100, on: bench)
      let id = Slug(link).description
      let journal = try bench.journal()
      journal.record(click(1, id, nil, at: 100))
      journal.record(click(2, id, nil, at: 101))
      journal.record(click(3, "promo", named, at: 99))
      journal.record(click(4, "other", nil, at: 10))
      let lines = [
        line(1, "/\(id)", at: 100), line(2, "/\(id)", at: 101), line(3, "/promo", at: 99),
        line(4, "/other", at: 10),
      ]
      let account = try account(of: lines, on: bench, database, isReplay: true)
      XCTAssertEqual(account.hours[start / 3600]?.deleted, 2)
      XCTAssertEqual(account.hours[start / 3600]?.held, 2)
      XCTAssertEqual(account.missing, [])
      XCTAssertEqual(account.deletedCount, 2)
      XCTAssertEqual(account.replayed?.written, 2, "those after it, and those of other links")
    }
  }

  func testClicksThatNobodyHasAreDeletedByTheNamesOfTheirLinks() throws {
    let database = try database()
    try Workbench.onBothServers { bench in
      try delete(link, 1, done: 100, on: bench)
      try delete(named, 2, done: 100, on: bench)
      // Of other links, more than a page of them, and too early.
      for number in 3..<12 {
        let other = SnowflakeID(rawValue: link.rawValue + Int64(number))
        try delete(other, number, done: 90, on: bench)
      }
      try delete(SnowflakeID(rawValue: 5_000_000), 12, asked: -200, done: -100, on: bench)
      let id = Slug(link).description
      let account = try account(
        of: [
          line(1, "/\(id)", at: 100), line(2, "/\(id)?x=1", at: 101), line(3, "/promo", at: 99),
          line(4, "/promo/track", at: 100, status: 200), line(5, "/%70romo).", at: 3),
          line(6, "/promo", at: 101), line(7, "/other", at: 0),
        ], on: bench, database)
      XCTAssertEqual(account.hours[start / 3600]?.deleted, 4)
      XCTAssertEqual(account.missing.map(\.low).sorted(), [2, 6, 7])
    }
  }

  /// Until it is done, nobody knows what it takes.
  func testADeletionThatIsNotDoneTakesAnyClickOfItsLink() throws {
    let database = try database()
    let bench = try Workbench()
    try delete(named, 1, done: nil, on: bench)
    let account = try account(
      of: [line(1, "/promo", at: 3000), line(2, "/other", at: 0)], on: bench, database)
    XCTAssertEqual(account.deletedCount, 1)
    XCTAssertEqual(account.missing.map(\.low), [2])
  }

  func testWithoutDeletionsPostgresIsNotAsked() throws {
    let bench = try Workbench()
    try JournalDirectory(bench.directory).make()
    var account = Reconciliation(
      try ClickLedger(bench.settings()), try .ofNowhere(bench), replay: nil, waitSeconds: 0,
      note: { _ in })
    try account.add(AnsweredRedirect(event: EventID(high: 7, low: 1), seconds: start))
    try account.finish()
    XCTAssertEqual(account.missingCount, 1)
  }
}

extension DeletedVisits {
  /// Those of a bench, of links that nobody can be asked for.
  static func ofNowhere(_ bench: Workbench) throws -> DeletedVisits {
    try DeletedVisits(
      bench.settings(),
      links: PostgresSession(
        ScratchPostgres.settings("host=/nowhere"), as: .owner, program: "test", log: .quiet))
  }
}
