import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Links
import TestSupport
import XCTest

@testable import Pipeline

/// What migrations/README.md says is asked of the engines here, word by word.
final class SchemaHandbookTests: XCTestCase {
  private let link: UInt64 = 384_036_974_793_916_416
  private let code = "SMtOIjlc3M"

  func testEachQuestionToClickHouseIsAnswered() throws {
    let handbook = try SchemaHandbook()
    let questions = handbook.statements(under: "## Ask ClickHouse by hand")
    XCTAssertEqual(questions.count, 12)
    try Workbench.onBothServers { bench in
      try store(in: bench)
      for question in questions where !question.hasPrefix("SELECT") && !question.hasPrefix("WITH") {
        try bench.client.execute(SQL(unsafe: question))
      }
      func answer(_ words: String) throws -> [[String]] {
        let question = try XCTUnwrap(questions.first { $0.contains(words) }, words)
        return try bench.client.select(SQL(unsafe: question)).map { $0 }
      }
      XCTAssertEqual(try answer(") AS link"), [["\(link)"]])
      XCTAssertEqual(try answer(") AS code"), [[code]])
      let name = Scope(name: "promo".utf8).rawValue
      XCTAssertEqual(try answer("sipHash64"), [["\(name)"]])
      XCTAssertEqual(try answer("GROUP BY code"), [["promo", "10"]])
      XCTAssertEqual(try answer("uniqMerge").first?.prefix(2), ["30", "30"])
      XCTAssertEqual(try answer("FROM link_days").map { Int($0[1]) ?? 0 }.reduce(0, +), 30)
      XCTAssertEqual(try answer("FROM link_referrers"), [["example.org", "30"]])
      XCTAssertEqual(try answer("lower(hex(event_id))").count, 20)
      XCTAssertEqual(try answer("toStartOfHour").map { Int($0[1]) ?? 0 }.reduce(0, +), 30)
      XCTAssertEqual(try answer("scope >= 4194304"), [["\(link)", "30"], ["\(name)", "10"]])
      XCTAssertTrue(try answer("bytes_on_disk").contains { $0[0] == "visits" && $0[2] == "40" })

      let steps = try handbook.statements(under: "### The seam").map {
        try bench.client.select(SQL(unsafe: $0)).map { $0 }
      }
      XCTAssertEqual(steps.flatMap { $0 }.first?.prefix(2), ["last_batch", "0"])
    }
  }

  /// Clicks of a link, and of a name that no link has.
  private func store(in bench: Workbench) throws {
    let sink = ClickSink(bench.client, insertTimeout: 20_000)
    try sink.takeOver()
    var rows = ClickColumns()
    for number in 1...40 {
      rows.append(
        .sample(number, code: number > 30 ? "promo" : code),
        at: .line(endingAt: number * 100, of: JournalID(rawValue: 1)))
    }
    let (batch, day) = try sink.nextBatch(at: 1_763_841_000_000)
    try sink.insertClicks(rows, batch: batch, day: day)
    try sink.insertCounts(
      rows, ends: [JournalID(rawValue: 1): 4000], batch: batch, targets: .all)
  }
}
