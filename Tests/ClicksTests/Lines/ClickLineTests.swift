import Clicks
import Foundation
import JSON
import Links
import Service
import TestSupport
import XCTest

final class ClickLineTests: XCTestCase {
  func testAClickComesBackFromItsLine() throws {
    let click = Click(
      eventID: EventID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
      shortCode: "aZ09", milliseconds: 1_763_841_000_123, address: "2001:db8::1",
      userAgent: "quote \" backslash \\ tab \t line \n bell \u{7} del \u{7F} 🐦",
      referrer: "https://example.org/ä?b=c&d", isRetried: true)
    XCTAssertEqual(try Click(parsing: click.line.dropLast()), click)
    XCTAssertEqual(click.line.filter { $0 == 0x0A }.count, 1)
  }

  func testALineIsTheContractedJSON() throws {
    let line = Click.sample(5, at: 1_763_841_000_123).line
    XCTAssertEqual(
      String(decoding: line, as: UTF8.self),
      "{\"event_id\":\"00000000000000070000000000000005\",\"short_code\":\"abc\","
        + "\"timestamp\":\"2025-11-22T19:50:00.123Z\",\"ip_address\":\"192.0.2.5\","
        + "\"user_agent\":\"Mozilla/5.0\",\"referrer\":\"https://example.org/\"}\n")
    let hostile = Click.sample(1, userAgent: "\"\\\u{1}\u{1F}\u{7F}").line
    XCTAssertNoThrow(try JSONValue(parsing: Array(hostile.dropLast())))
  }

  func testALinksIDIsWrittenOnlyWhenTheCodeDoesNotTellItAndEachReaderHasIt() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1, sequence: 2)
    for (code, written) in [(Slug(id).description, nil), ("summer-sale", id), ("abc", id)] {
      let click = Click(
        eventID: EventID(high: 0, low: 1), shortCode: code, linkID: written, milliseconds: 0,
        isRetried: true)
      let line = Array(click.line.dropLast())
      XCTAssertEqual(try Click(parsing: line), click)
      XCTAssertEqual(try scope(line).rawValue, UInt64(id.rawValue), code)
      let text = String(decoding: line, as: UTF8.self)
      XCTAssertEqual(
        text.hasSuffix(#""referrer":"","link":"\#(id.rawValue)","retried":true}"#), written != nil,
        text)
      XCTAssertEqual(text.contains("link"), written != nil, text)
    }
  }

  /// A line of the release before has none, whatever its code is.
  func testALineWithoutAnIDCountsForTheOneThatItsCodeTellsOrForItsName() throws {
    let cases: [(String, UInt64?)] = [
      ("1LDUVEdRXYk", 1_126_524_027_366_668_422), ("a-b", nil), ("00", nil), ("promo", nil),
    ]
    for (code, id) in cases {
      let line = Array(Click(eventID: .random(), shortCode: code, milliseconds: 0).line.dropLast())
      XCTAssertNil(try linkID(line), code)
      XCTAssertEqual(try scope(line).isName, id == nil, code)
      if let id { XCTAssertEqual(try scope(line).rawValue, id, code) }
    }
  }

  func testAForgedIDCountsForNoReservedScope() throws {
    let head =
      #"{"event_id":"000000000000000000000000000000FF","short_code":"a","timestamp":0,"link":"#
    for id in ["1", "2", "3", "4", "16", "4194303"] {
      let scope = try scope(Array((head + "\"\(id)\"}").utf8))
      XCTAssertEqual(scope, Scope(name: "a".utf8), id)
    }
    XCTAssertEqual(
      try scope(Array((head + #""4194304"}"#).utf8)), Scope.firstLink, "the least id of a link")
  }

  func testAnIDThatIsNoneMakesALineThatIsNoClick() throws {
    let head =
      #"{"event_id":"000000000000000000000000000000FF","short_code":"a","timestamp":0,"link":"#
    XCTAssertEqual(try linkID(Array((head + #""12"}"#).utf8))?.rawValue, 12)
    for value in [#""0""#, #""-1""#, #""9223372036854775808""#, #""""#, #""1 ""#, #""0x1""#] {
      let error = try assertThrows(ClickLineError.self) {
        _ = try Click(parsing: Array((head + value + "}").utf8))
      }
      XCTAssertEqual(error, .invalid(.link), value)
    }
    XCTAssertThrowsError(try Click(parsing: Array((head + "12}").utf8)))
  }

  private func scope(_ line: [UInt8]) throws -> Scope {
    let click = try Click(parsing: line)
    return Scope(link: click.linkID, name: click.shortCode.utf8)
  }

  private func linkID(_ line: [UInt8]) throws -> SnowflakeID? {
    try line.withUnsafeBufferPointer { try ClickLine(parsing: $0).linkID }
  }

  func testLongTextsAreCroppedBeforeTheCharacterThatDoesNotFit() throws {
    let click = Click.sample(
      1, userAgent: String(repeating: "x", count: 511) + "ä" + "y",
      referrer: String(repeating: "🐦", count: 300))
    let stored = try Click(parsing: click.line.dropLast())
    XCTAssertEqual(stored.userAgent, String(repeating: "x", count: 511))
    XCTAssertEqual(stored.referrer, String(repeating: "🐦", count: 256))
  }

  func testTheLongestLineOfAnyWriterFitsIntoTheShortestMessage() throws {
    func controls(_ count: Int) -> String { String(repeating: "\u{1}", count: count) }
    var line: [UInt8] = []
    Click(
      eventID: .random(), shortCode: controls(1000), linkID: SnowflakeID(rawValue: .max),
      milliseconds: ClickLine.latestSecond * 1000,
      address: controls(1000), userAgent: controls(10_000), referrer: controls(10_000),
      language: controls(1000),
      details: ClickDetails(
        revision: .max, rule: .max, domain: .max, flags: ClickFlags(rawValue: 255),
        kind: .regular404, weight: .max),
      isRetried: true
    ).appendLine(to: &line)
    XCTAssertGreaterThan(line.count, 6 * (255 + 64 + 512 + 1024))
    XCTAssertLessThanOrEqual(line.count, BorrowedClick.maximumLineBytes)
    let bound = "\(BorrowedClick.maximumLineBytes)"
    XCTAssertNoThrow(try Settings(Variables(["RELAY_MESSAGE_BYTES": bound])))
    // nginx's Lua crops the texts alike, and knows the same length.
    let writer = try Repository.text("nginx-config/swiftlet/lua/click_line.lua")
    XCTAssertTrue(
      writer.contains(
        "USER_AGENT, REFERRER = \(Click.maximumUserAgentBytes), \(Click.maximumReferrerBytes)"))
    XCTAssertTrue(writer.contains("LANGUAGE = \(Click.maximumLanguageBytes)\n"))
    let limit = try Repository.text("nginx-config/swiftlet/lua/journal_bound.lua")
    XCTAssertTrue(limit.contains("LONGEST_LINE = \(bound)"))
  }

  func testALineOfAWebServerWithBytesThatAreNoUTF8IsRead() throws {
    let head = "{\"time\":1.5e3,\"event_id\":\"000000000000000000000000000000FF\", \"short_code\":"
    var line = Array((head + "\"a\",\"timestamp\" : 1700000000123,\"user_agent\":\"a").utf8)
    line += [0xFF, 0xC3, 0x28, 0xE2, 0x82, 0xF0, 0x9F, 0x90, 0xA6]
    line += Array("\\u0009\\/\\ud83d\\udc26\\ud800x\",\"ip_address\":null,\"x\":[{\"y\":[]}]}".utf8)
    let click = try Click(parsing: line)
    XCTAssertEqual(click.eventID, EventID(high: 0, low: 255))
    XCTAssertEqual(click.milliseconds, 1_700_000_000_123)
    XCTAssertEqual(
      click.userAgent, "a\u{FFFD}\u{FFFD}(\u{FFFD}\u{FFFD}🐦\t/🐦\u{FFFD}x")
    XCTAssertEqual(click.address, "")
    XCTAssertEqual(click.referrer, "")
    XCTAssertFalse(click.isRetried)
  }

  func testTextsGrownByReplacementsAreStillCropped() throws {
    let raw = [UInt8](repeating: 0xFF, count: 700)
    let head = "{\"event_id\":\"000000000000000000000000000000FF\",\"short_code\":\"a\","
    let line = Array((head + "\"timestamp\":0,\"user_agent\":\"").utf8) + raw + Array("\"}".utf8)
    XCTAssertEqual(
      try Click(parsing: line).userAgent, String(repeating: "\u{FFFD}", count: 170))
  }

  func testABadLineSaysWhatIsWrong() {
    let id = "\"event_id\":\"000000000000000000000000000000FF\""
    let rows: [(String, ClickLineError)] = [
      ("", .malformed(at: 0)),
      ("{}", .missing(.eventID)),
      ("[]", .malformed(at: 0)),
      ("{\(id)}", .missing(.shortCode)),
      ("{\(id),\"short_code\":\"a\"}", .missing(.timestamp)),
      ("{\(id),\(id)}", .duplicate(.eventID)),
      ("{\"event_id\":\"xyz\"}", .invalid(.eventID)),
      ("{\(id),\"short_code\":\"\",\"timestamp\":1}", .invalid(.shortCode)),
      ("{\(id),\"rev\":\"1\"}", .invalid(.revision)),
      ("{\(id),\"rev\":1,\"rev\":1}", .duplicate(.revision)),
      ("{\(id),\"rule\":-1}", .invalid(.rule)),
      ("{\(id),\"domain\":4294967296}", .invalid(.domain)),
      ("{\(id),\"flags\":256}", .invalid(.flags)),
      ("{\(id),\"kind\":1}", .invalid(.kind)),
      ("{\(id),\"n\":0}", .invalid(.weight)),
      ("{\(id),\"path\":\"/a\",\"timestamp\":1}", .missing(.shortCode)),
      ("{\(id),\"short_code\":\"a\",\"timestamp\":1,\"kind\":3}", .missing(.path)),
      ("{\(id),\"path\":\"\",\"short_code\":\"a\",\"timestamp\":1}", .invalid(.kind)),
      ("{\(id),\"path\":\"\",\"short_code\":\"a\",\"timestamp\":1,\"kind\":2}", .invalid(.kind)),
      ("{\(id),\"timestamp\":\"yesterday\"}", .invalid(.timestamp)),
      ("{\(id),\"timestamp\":-1}", .invalid(.timestamp)),
      ("{\(id),\"timestamp\":4294967296000}", .invalid(.timestamp)),
      ("{\(id),\"timestamp\":99999999999999999999}", .invalid(.timestamp)),
      ("{\(id),\"timestamp\":1.5}", .malformed(at: 60)),
      ("{\(id),\"retried\":1}", .invalid(.retried)),
      ("{\(id),\"ip_address\":\"\(String(repeating: "1", count: 65))\"}", .invalid(.address)),
      ("{\(id),\"user_agent\":\"\u{1}\"}", .malformed(at: 61)),
      ("{\(id),\"user_agent\":\"\\x\"}", .malformed(at: 62)),
      ("{\(id),\"user_agent\":\"\\u12G4\"}", .malformed(at: 65)),
      ("{\(id),\"short_code\":\"a\",\"timestamp\":1} x", .malformed(at: 79)),
      (String(repeating: "{\"a\":", count: 40), .malformed(at: 165)),
    ]
    for (line, error) in rows {
      XCTAssertThrowsError(try Click(parsing: line), line) {
        XCTAssertEqual($0 as? ClickLineError, error, line)
      }
    }
  }

  func testRandomDamageToALineNeverDoesMoreThanMakeItBad() {
    var random = SplitMix64(seed: 11)
    var good = 0
    for round in 0..<60_000 {
      var line = Array(
        Click.sample(UInt64(round), userAgent: "é🐦\"\\", isRetried: round % 2 == 0).line.dropLast())
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<line.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: line[index] = UInt8.random(in: 0...255, using: &random)
        case 1: line.remove(at: index)
        default: line.removeSubrange(index...)
        }
        if line.isEmpty { break }
      }
      if (try? Click(parsing: line)) != nil { good += 1 }
    }
    XCTAssertGreaterThan(good, 300, "some damage hits texts only")
  }

  func testEveryTimeComesBackFromItsText() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<20_000 {
      let time = Int64.random(in: 0...ClickLine.latestSecond * 1000, using: &random)
      let click = Click.sample(1, at: time)
      XCTAssertEqual(try Click(parsing: click.line.dropLast()).milliseconds, time)
    }
  }
}
