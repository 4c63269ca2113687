import ClickHouse
import Clicks
import EngineSupport
import Links
import TestSupport
import XCTest

@testable import Pipeline

/// What is asked of marks and events, on the server under test and on a current one alike.
final class ClickLookupTests: SinkTestCase {
  func testSecondTriesAreFoundByTheirEvent() throws {
    try onBothServers { _, sink in
      try sink.takeOver()
      try store(rows(0..<20), sink, ends: [journals[0]: 1])
      try store(rows(20..<25, isRetried: true), sink, ends: [journals[0]: 2])
      let asked = [3, 22, 99].map { number in
        RetriedClick(
          click: .sample(
            number, code: "c\(number % 10)", at: 1_763_855_990_000 + Int64(number) * 1000),
          place: .line(endingAt: 1, of: journals[0]))
      }
      XCTAssertEqual(
        try sink.storedEvents(of: asked),
        [EventID(high: 7, low: 3), EventID(high: 7, low: 22)])
      XCTAssertEqual(try sink.storedEvents(of: []), [])
      XCTAssertEqual(
        Set(try sink.recentRetried(limit: 100).map(\.low)), [20, 21, 22, 23, 24])
    }
  }

  /// A worker may remember a link from before ids were kept with it; the other pool's may not.
  func testRecordsOfOneRequestAreFoundWhicheverOfThemTellsTheLinksID() throws {
    let id = SnowflakeID(rawValue: 384_036_974_793_916_416)
    func click(_ number: Int, _ code: String, _ link: SnowflakeID?) -> Click {
      Click(
        eventID: EventID(high: 7, low: UInt64(number)), shortCode: code, linkID: link,
        milliseconds: 1_763_855_990_000)
    }
    func asked(_ click: Click) -> RetriedClick {
      RetriedClick(click: click, place: .line(endingAt: 1, of: journals[0]))
    }
    let small = SnowflakeID(rawValue: 4711)
    let names: [(String, SnowflakeID?)] = [
      ("promo", id), ("promo", nil), ("promo", small), ("SMtOIjlc3M", nil), ("o'clock", id),
    ]
    var rows = ClickColumns()
    for (number, (code, link)) in names.enumerated() {
      rows.append(click(number, code, link), at: .line(endingAt: number + 1, of: journals[0]))
    }
    try onBothServers { _, sink in
      try sink.takeOver()
      try store(rows, sink, ends: [journals[0]: 1])
      for (number, (code, _)) in names.enumerated() {
        for link in [id, nil] {
          XCTAssertEqual(
            try sink.storedEvents(of: [asked(click(number, code, link))]).count, 1,
            "\(number) \(String(describing: link))")
        }
        XCTAssertEqual(try sink.storedEvents(of: [asked(click(number, "other", nil))]), [])
      }
      let all = names.enumerated().map { asked(click($0, $1.0, nil)) }
      XCTAssertEqual(try sink.storedEvents(of: all).count, names.count)
    }
  }

  func testAnyNumberOfRetriedClicksIsLookedUp() throws {
    // One statement for all of them is refused: the server reads 262 144 bytes of it.
    let count = 20_000
    try onBothServers { _, sink in
      try sink.takeOver()
      try store(rows(0..<count), sink, ends: [journals[0]: 1])
      let asked = (0..<2 * count).map { number in
        RetriedClick(
          click: .sample(
            number, code: "c\(number % 10)", at: 1_763_855_990_000 + Int64(number) * 1000),
          place: .line(endingAt: 1, of: journals[0]))
      }
      let stored = try sink.storedEvents(of: asked)
      XCTAssertEqual(stored, Set((0..<count).map { EventID(high: 7, low: UInt64($0)) }))
    }
  }

  func testRetriedClicksOfAnyCodesAreLookedUp() throws {
    // The longest codes there can be, of bytes that each need an escape.
    let code = { String(repeating: "'", count: 250) + "\($0 % 5000)" }
    try onBothServers { _, sink in
      try sink.takeOver()
      var rows = ClickColumns()
      for number in 0..<5000 {
        rows.append(
          Click.sample(number, code: code(number), at: 1_763_855_990_000),
          at: .line(endingAt: number + 1, of: journals[0]))
      }
      try store(rows, sink, ends: [journals[0]: 1])
      let asked = (0..<6000).map { number in
        RetriedClick(
          click: .sample(number, code: code(number), at: 1_763_855_990_000),
          place: .line(endingAt: 1, of: journals[0]))
      }
      XCTAssertEqual(try sink.storedEvents(of: asked).count, 5000)
    }
  }

  func testTheMarksOfAnyNumberOfJournalsAreRead() throws {
    let many = (1...20_000).map { JournalID(rawValue: .max - $0) }
    try onBothServers { _, sink in
      try sink.takeOver()
      try store(rows(0..<2), sink, ends: [many[7]: 70, many[19_999]: 90])
      let ends = try sink.storedEnds(of: many)
      XCTAssertEqual(ends.count, 20_000)
      XCTAssertEqual(ends.filter { $0.value > 0 }, [many[7]: 70, many[19_999]: 90])
    }
  }

  func testTheLatestRetriedClicksComeBackOldestFirst() throws {
    try onBothServers { _, sink in
      try sink.takeOver()
      for round in 0..<4 {
        try store(
          rows(round * 10..<round * 10 + 10, isRetried: true), sink, ends: [journals[0]: 1])
      }
      let recent = try sink.recentRetried(limit: 20).map(\.low)
      XCTAssertEqual(Set(recent), Set(20..<40))
      XCTAssertEqual(Set(recent.prefix(10)), Set(20..<30))
    }
  }
}
