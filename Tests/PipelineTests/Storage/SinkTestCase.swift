import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// What the tests of `ClickSink` have in common: batches of clicks of two journals.
class SinkTestCase: XCTestCase {
  let journals = [JournalID(rawValue: 1), JournalID(rawValue: .max)]

  func onBothServers(_ test: (Workbench, ClickSink) throws -> Void) throws {
    try Workbench.onBothServers { try test($0, ClickSink($0.client, insertTimeout: 20_000)) }
  }

  func rows(_ numbers: Range<Int>, isRetried: Bool = false) -> ClickColumns {
    var rows = ClickColumns()
    for number in numbers {
      rows.append(
        Click.sample(
          number, code: "c\(number % 10)", at: 1_763_855_990_000 + Int64(number) * 1000,
          referrer: number % 2 == 0 ? "" : "https://r\(number % 3)/", isRetried: isRetried),
        at: .line(endingAt: (number + 1) * 100, of: journals[number % 2]))
    }
    return rows
  }

  func store(_ rows: ClickColumns, _ sink: ClickSink, ends: [JournalID: Int]) throws {
    let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
    try sink.insertClicks(rows, batch: batch, day: day)
    XCTAssertEqual(try sink.storedRows(batch: batch), rows.count)
    XCTAssertEqual(try sink.counts(lacking: batch), .all)
    try sink.insertCounts(rows, ends: ends, batch: batch, targets: .all)
    XCTAssertEqual(try sink.counts(lacking: batch), [])
  }
}
