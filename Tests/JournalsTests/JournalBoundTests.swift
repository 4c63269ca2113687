import Clicks
import EngineSupport
import Foundation
import Journals
import Service
import XCTest

/// What the bound of all journals and the counter of drops do.
final class JournalBoundTests: XCTestCase {
  private var journals = ""
  private var state: StateDirectory { StateDirectory(journals + ".state") }

  override func setUp() {
    journals = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))"
  }

  override func tearDown() {
    for path in [journals, state.path] { try? FileManager.default.removeItem(atPath: path) }
  }

  private func journal() throws -> ClickJournal {
    try ClickJournal(
      directory: journals, state: state, segmentBytes: 1 << 16, maximumBytes: 1 << 20)
  }

  /// A moment at which nobody has measured for long enough.
  private var later: Int64 { SystemClock.bootMilliseconds() + 6000 }

  private func removeJournals() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: journals) {
      try FileManager.default.removeItem(atPath: journals + "/" + name)
    }
  }

  func testManyWritersStayBelowTheBoundAndCountWhatTheyDrop() throws {
    let directory = JournalDirectory(journals)
    var writers = try (0..<8).map { _ in try journal() }
    var written = 0
    var dropped = 0
    for number in 0..<10_000 {
      let isWritten = writers[number % 8].record(.sample(number), at: Int64(number))
      if isWritten { written += 1 } else { dropped += 1 }
    }
    XCTAssertGreaterThan(dropped, 1000)
    XCTAssertTrue(writers[0].isNearlyFull)
    XCTAssertLessThanOrEqual(try directory.bytes(), 1 << 20)
    XCTAssertGreaterThan(try directory.bytes(), (1 << 20) / 100 * 99)
    XCTAssertEqual(DropCounter.total(in: state), dropped)

    // Those that come after count on, and write again once there is room.
    writers = []
    let next = try journal()
    XCTAssertFalse(next.record(.sample(1)))
    XCTAssertEqual(DropCounter.total(in: state), dropped + 1)
    try removeJournals()
    next.tick(at: later)
    XCTAssertTrue(next.record(.sample(2)))
    XCTAssertFalse(next.isNearlyFull)
  }

  func testEachDropIsNamedWhereThatIsAskedForAsOftenAsItIsCounted() throws {
    let ids = journals + ".ids"
    defer { try? FileManager.default.removeItem(atPath: ids) }
    // Two that fill the directory, as the workers of both pools do, and get the same click each.
    let writers = try (0..<2).map { _ in
      try ClickJournal(
        directory: journals, state: state, segmentBytes: 1 << 16, maximumBytes: 1 << 20,
        droppedIDs: ids)
    }
    var dropped: [String] = []
    for number in 0..<6000 {
      for writer in writers where !writer.record(.sample(number), at: Int64(number)) {
        dropped.append("\(Click.sample(number).eventID)")
      }
    }
    XCTAssertGreaterThan(dropped.count, 100)
    let named = try String(contentsOfFile: ids, encoding: .utf8).split(separator: "\n")
    XCTAssertEqual(named.map(String.init), dropped)
    XCTAssertEqual(DropCounter.total(in: state), dropped.count)
  }

  func testAClickLooksAtNoDirectoryAndATickAtAFewNamesOnly() throws {
    let writer = try journal()
    XCTAssertTrue(writer.record(.sample(1)))
    for number in 0..<2000 {
      let path = JournalDirectory(journals).file(JournalID(rawValue: UInt64(number)))
      try Data(count: 1024).write(to: URL(fileURLWithPath: path))
    }
    // Twice what may be there; nobody has measured it yet.
    for number in 0..<100 { XCTAssertTrue(writer.record(.sample(number), at: later)) }
    var ticks = 0
    while !writer.isNearlyFull, ticks < 100 {
      writer.tick(at: later)
      ticks += 1
    }
    XCTAssertGreaterThanOrEqual(ticks, 4, "512 names a tick at most")
    XCTAssertLessThanOrEqual(ticks, 5)
    XCTAssertFalse(writer.record(.sample(200)))
  }

  func testAWriterThatStartsKnowsWhatLiesThere() throws {
    try JournalDirectory(journals).make()
    let path = JournalDirectory(journals).file(JournalID(rawValue: 1))
    try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
    XCTAssertFalse(try journal().record(.sample(1)))
  }

  func testAWriterWithoutSharedStateKeepsTheBoundForItself() throws {
    try Data().write(to: URL(fileURLWithPath: state.path))
    let writer = try journal()
    var written = 0
    while written < 10_000, writer.record(.sample(written)) { written += 1 }
    XCTAssertGreaterThan(written, 100)
    XCTAssertLessThanOrEqual(try JournalDirectory(journals).bytes(), 1 << 20)
  }
}
