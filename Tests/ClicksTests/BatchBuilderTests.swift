import Clicks
import TestSupport
import XCTest

/// Rows that a test can look into.
struct RecordedRows: ClickRows {
  struct Row: Equatable {
    let event: EventID
    let place: JournalRange
    let isRetried: Bool

    var journal: JournalID { place.journal }
    var end: Int { place.to }
  }

  private(set) var rows: [Row] = []
  var count: Int { rows.count }
  var byteCount: Int { rows.count * 100 }

  mutating func append(_ click: ClickLine, at place: JournalRange) {
    append(click.click, at: place)
  }

  mutating func append(_ click: Click, at place: JournalRange) {
    rows.append(Row(event: click.eventID, place: place, isRetried: click.isRetried))
  }

  var ends: [JournalID: Int] {
    Dictionary(rows.map { ($0.journal, $0.end) }, uniquingKeysWith: max)
  }

  func inJournalOrder() -> RecordedRows {
    var ordered = self
    ordered.rows.sort { ($0.journal.rawValue, $0.end) < ($1.journal.rawValue, $1.end) }
    return ordered
  }

  func slice(_ range: Range<Int>) -> RecordedRows {
    var slice = self
    slice.rows = Array(rows[range])
    return slice
  }

  func deadLine(_ row: Int, reason: String) -> DeadLine {
    DeadLine(range: rows[row].place, bytes: [], reason: reason, event: rows[row].event)
  }

  func events(among candidates: Set<EventID>) -> Set<EventID> {
    Set(rows.map(\.event)).intersection(candidates)
  }
}

final class BatchBuilderTests: XCTestCase {
  private let journal = JournalID(rawValue: 4)
  private var dedup = DedupSet()
  private var builder = BatchBuilder<RecordedRows>(limits: .init(rows: 4, milliseconds: 500))

  private func take(_ lines: [[UInt8]], from: Int = 0, above mark: Int = 0, delivery: UInt64) throws
  {
    let body = Array(lines.joined())
    let range = try XCTUnwrap(JournalRange(journal: journal, from: from, to: from + body.count))
    body.withUnsafeBufferPointer {
      builder.take(
        $0, range: range, above: mark, delivery: delivery, dedup: &dedup, at: 1000)
    }
  }

  func testLinesBelowTheMarkAreLeftOut() throws {
    let lines = (1...3).map { Click.sample($0).line }
    try take(lines, from: 10, above: 10 + lines[0].count, delivery: 1)
    XCTAssertEqual(builder.rows.rows.map(\.event.low), [2, 3])
    XCTAssertEqual(builder.rows.rows.last?.end, 10 + lines.joined().count)
    XCTAssertEqual(builder.ends, [journal: 10 + lines.joined().count])
  }

  func testABatchIsDueWhenItIsOldOrFull() throws {
    XCTAssertFalse(builder.isDue(at: .max))
    builder.note(delivery: 1, at: 1000)
    XCTAssertFalse(builder.isDue(at: 1499))
    XCTAssertTrue(builder.isDue(at: 1500))
    try take((1...4).map { Click.sample($0).line }, delivery: 2)
    XCTAssertTrue(builder.isFull)
    XCTAssertTrue(builder.isDue(at: 1000))
    XCTAssertEqual(builder.lastDelivery, 2)
    XCTAssertEqual(builder.deliveries, 2)
  }

  func testABadLineIsPutAsideAndItsNeighboursAreTaken() throws {
    let good = [Click.sample(1).line, Click.sample(2).line]
    try take([good[0], Array("{oops\n".utf8), good[1]], delivery: 1)
    XCTAssertEqual(builder.rows.rows.map(\.event.low), [1, 2])
    XCTAssertEqual(builder.dead.count, 1)
    XCTAssertEqual(builder.dead.first?.bytes, Array("{oops".utf8))
    XCTAssertEqual(builder.dead.first?.range.from, good[0].count)
    XCTAssertEqual(builder.dead.first?.range.count, 6)
  }

  func testARangeWithoutABodyMovesTheMarkOnly() throws {
    let range = try XCTUnwrap(JournalRange(journal: journal, from: 5, to: 50))
    builder.take(
      UnsafeBufferPointer(start: nil, count: 0), range: range, above: 5, delivery: 1,
      dedup: &dedup, at: 0)
    XCTAssertEqual(builder.rows.count, 0)
    XCTAssertEqual(builder.ends, [journal: 50])
  }

  func testOfTwoRecordsOfOneRequestOneIsTakenWhicheverComesFirst() throws {
    let retried = { (number: UInt64) in Click.sample(number, isRetried: true).line }
    try take([Click.sample(1).line, retried(1)], delivery: 1)
    try take([retried(2), Click.sample(2).line], delivery: 2)
    try take([retried(3), retried(3)], delivery: 3)
    try take([retried(4)], delivery: 4)
    builder.resolveRetried(stored: [EventID(high: 7, low: 4)])
    XCTAssertEqual(builder.rows.rows.map(\.event.low).sorted(), [1, 2, 3])
    XCTAssertEqual(builder.twiceRecorded, 4)
  }

  func testARetriedClickThatWasTakenBeforeIsDroppedWithoutALookUp() throws {
    let retried = Click.sample(5, isRetried: true).line
    try take([retried], delivery: 1)
    builder.resolveRetried(stored: [])
    XCTAssertEqual(builder.rows.count, 1)

    builder = BatchBuilder(limits: .init(rows: 4, milliseconds: 500))
    try take([retried, Click.sample(5).line], from: 1000, delivery: 2)
    XCTAssertEqual(builder.retried, [])
    XCTAssertEqual(builder.rows.count, 0)
    XCTAssertEqual(builder.twiceRecorded, 2)
  }

  func testTheDedupSetIsBoundedAndForgetsTheOldestFirst() {
    var dedup = DedupSet(limit: 10)
    for number in 0..<1000 {
      XCTAssertTrue(dedup.insert(EventID(high: 0, low: UInt64(number))))
    }
    XCTAssertLessThanOrEqual(dedup.count, 20)
    for number in 990..<1000 as Range<UInt64> {
      XCTAssertFalse(dedup.insert(EventID(high: 0, low: number)))
    }
    XCTAssertFalse(dedup.contains(EventID(high: 0, low: 1)))
  }

  func testAClickThatLeftTheDedupSetCountsAgainFromEitherGeneration() {
    var dedup = DedupSet(limit: 1)
    let events = (1...2).map { EventID(high: 0, low: $0) }
    for event in events { dedup.insert(event) }
    for event in events {
      XCTAssertTrue(dedup.contains(event))
      dedup.remove(event)
      XCTAssertFalse(dedup.contains(event))
    }
    XCTAssertTrue(dedup.insert(events[0]))
  }

  func testNoClickOfABatchIsForgottenWithinIt() throws {
    // What BATCH_MAX_ROWS allows, and the lines of a largest message beyond it.
    let shortest = Click(eventID: EventID(high: 0, low: 0), shortCode: "", milliseconds: 0).line
    let largest = 800_000 + (16 << 20) / shortest.count
    XCTAssertLessThan(largest, DedupSet.generationLimit)
  }
}
