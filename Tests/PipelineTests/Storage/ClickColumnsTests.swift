import Clicks
import EngineSupport
import Links
import XCTest

@testable import Pipeline

/// What a batch has of a line, and what a dead letter has of a batch.
final class ClickColumnsTests: XCTestCase {
  private let journal = JournalID(rawValue: 3)

  private func rows(_ clicks: [Click]) throws -> ClickColumns {
    var rows = ClickColumns()
    for (number, click) in clicks.enumerated() {
      var line: [UInt8] = []
      click.appendLine(to: &line)
      let place = JournalRange.line(endingAt: 1000 * (number + 1), of: journal)
      try line.dropLast().withUnsafeBufferPointer {
        rows.append(try ClickLine(parsing: $0), at: place)
      }
      rows.append(click, at: place)
    }
    return rows
  }

  private func click(_ code: String, _ id: Int64?) -> Click {
    Click(
      eventID: EventID(high: 7, low: 9), shortCode: code,
      linkID: id.map(SnowflakeID.init(rawValue:)),
      milliseconds: 1_763_841_000_000, address: "192.0.2.7", userAgent: "é\"",
      referrer: "https://a.example/", isRetried: true)
  }

  /// Its click counts for the same link when it is replayed.
  func testADeadLetterKeepsTheLinkThatItsCodeDoesNotTell() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1, sequence: 2)
    let cases: [(click: Click, id: Int64?)] = [
      (click("summer-sale", id.rawValue), id.rawValue), (click("promo", 1 << 22), 1 << 22),
      (click(Slug(id).description, nil), nil), (click(Slug(id).description, id.rawValue), nil),
      (click(Slug(id).description, 1 << 40), 1 << 40), (click("summer-sale", nil), nil),
      (click("summer-sale", 3), nil),
    ]
    let rows = try rows(cases.map(\.click))
    for (number, (click, id)) in cases.enumerated() {
      for row in [2 * number, 2 * number + 1] {
        let letter = rows.deadLine(row, reason: "")
        let read = try letter.bytes.withUnsafeBufferPointer { try ClickLine(parsing: $0).click }
        XCTAssertEqual(read.linkID?.rawValue, id, click.shortCode)
        XCTAssertEqual(
          read,
          Click(
            eventID: click.eventID, shortCode: click.shortCode, linkID: read.linkID,
            milliseconds: click.milliseconds, address: click.address, userAgent: click.userAgent,
            referrer: click.referrer, isRetried: true))
        let scopes = [read, click].map { Scope(link: $0.linkID, name: $0.shortCode.utf8) }
        XCTAssertEqual(scopes[0], scopes[1], click.shortCode)
      }
    }
  }

  func testWhatALineTellsOfAVisitIsInItsColumnsAndInItsDeadLetter() throws {
    let agent =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      + "Version/18.5 Mobile/15E148 Safari/604.1"
    let details = ClickDetails(
      revision: 3, rule: 2, domain: 17, flags: .qrCode, kind: .invalidShortURL, weight: 5)
    let click = Click(
      eventID: EventID(high: 1, low: 2), shortCode: "gone", milliseconds: 5000, userAgent: agent,
      language: "de-CH", details: details)
    let rows = try rows([click])
    XCTAssertEqual(rows.link, [3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
    XCTAssertEqual(rows.weight, [5, 0, 0, 0, 5, 0, 0, 0])
    XCTAssertEqual(rows.domain, [17, 0, 0, 0, 17, 0, 0, 0])
    XCTAssertEqual(rows.revision, [3, 0, 0, 0, 3, 0, 0, 0])
    XCTAssertEqual(rows.rule, [2, 0, 0, 0, 2, 0, 0, 0])
    XCTAssertEqual(rows.trigger, [1, 1])
    XCTAssertEqual(rows.flags, [4, 4])
    XCTAssertEqual(rows.bot, [0, 0])
    XCTAssertEqual(rows.device, [2, 2])
    XCTAssertEqual(rows.system, [3, 3])
    XCTAssertEqual(rows.browser, [2, 2])
    XCTAssertEqual(rows.browserMajor, [18, 0, 18, 0])
    XCTAssertEqual(rows.language, Array("\u{5}de-ch\u{5}de-ch".utf8))
    for row in [0, 1] {
      let letter = rows.deadLine(row, reason: "")
      let read = try letter.bytes.withUnsafeBufferPointer { try ClickLine(parsing: $0).click }
      XCTAssertEqual(read.details, details)
      XCTAssertEqual(read.language, "de-ch")
      XCTAssertEqual(rows.inJournalOrder().slice(row..<row + 1).bot, [0])
    }
  }

  func testABotIsToldFromAPersonAndAnAnonymousVisitorByNothingElse() throws {
    let chrome =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    let cases: [(agent: String, flags: ClickFlags, weight: UInt32, bot: UInt8, os: UInt8)] = [
      (chrome, [], 1, 0, 5), ("Googlebot/2.1 (+http://www.google.com/bot.html)", [], 1, 1, 0),
      ("", [], 1, 14, 0), (chrome, .prefetch, 1, 12, 0), (chrome, .anonymous, 1, 0, 0),
      ("Googlebot/2.1", .anonymous, 1, 1, 0), ("", .anonymous, 1, 0, 0), ("", [], 9, 0, 0),
    ]
    let clicks = cases.map { agent, flags, weight, _, _ in
      Click(
        eventID: .random(), shortCode: "a", milliseconds: 0, userAgent: agent,
        details: ClickDetails(flags: flags, weight: weight))
    }
    let rows = try rows(clicks)
    XCTAssertEqual(rows.bot, cases.flatMap { [$0.bot, $0.bot] })
    XCTAssertEqual(rows.system, cases.flatMap { [$0.os, $0.os] })
    let kept = cases.filter { !$0.flags.contains(.anonymous) }.map(\.agent.utf8.count).reduce(0, +)
    XCTAssertEqual(rows.userAgent.count, 2 * (kept + cases.count))
  }

  func testRowsKeepTheirLinkAndHostInAnyOrder() throws {
    let clicks = ["b", "c", "a"].enumerated().map { number, name in
      Click(
        eventID: EventID(high: 0, low: UInt64(number)), shortCode: name,
        linkID: SnowflakeID(rawValue: Int64(5_000_000 + number)), milliseconds: 0,
        referrer: "https://\(name).example/")
    }
    let rows = try rows(clicks)
    let last = rows.inJournalOrder().slice(4..<6)
    XCTAssertEqual(last.count, 2)
    XCTAssertEqual(last.link, [UInt8](rows.link.suffix(16)))
    XCTAssertEqual(last.weight, [1, 0, 0, 0, 1, 0, 0, 0])
    XCTAssertEqual(last.referrerHost, Array("\u{9}a.example\u{9}a.example".utf8))
    XCTAssertEqual(last.code, Array("\u{1}a\u{1}a".utf8))
  }
}
