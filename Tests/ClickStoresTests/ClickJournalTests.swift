import Clicks
import Foundation
import Stores
import TestSupport
import XCTest

final class ClickJournalTests: XCTestCase {
  private var folder = ""

  override func setUp() {
    folder = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))/a/b"
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  private func lines() throws -> [String] {
    try files.flatMap { name in
      try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  func testEachClickIsALineAtOnce() throws {
    let journal = try ClickJournal(directory: folder, segmentBytes: 1 << 20)
    XCTAssertEqual(files, [], "no file before the first click")
    for number in 0..<10 {
      XCTAssertTrue(journal.record(.sample(number)))
      XCTAssertEqual(try lines().count, number + 1)
    }
    XCTAssertEqual(files.count, 1)
    XCTAssertEqual(files[0].count, 23)
  }

  func testALongJournalIsFollowedByAnother() throws {
    let journal = try ClickJournal(directory: folder, segmentBytes: 1000)
    for number in 0..<50 { journal.record(.sample(number)) }
    XCTAssertGreaterThan(files.count, 5)
    XCTAssertEqual(try lines().count, 50)
  }

  func testAnIdleJournalIsClosedAndLetGo() throws {
    let journal = try ClickJournal(
      directory: folder, segmentBytes: 1 << 20, idleMilliseconds: 5000)
    journal.record(.sample(1), at: 1_000_000)
    let path = folder + "/" + files[0]
    XCTAssertNil(try FileLock.take(path), "its writer lives")
    journal.closeIfIdle(at: 1_004_999)
    XCTAssertNil(try FileLock.take(path))
    journal.closeIfIdle(at: 1_005_000)
    XCTAssertNotNil(try FileLock.take(path))
    journal.record(.sample(2), at: 1_005_001)
    XCTAssertEqual(files.count, 2)
  }

  func testAJournalThatDisappearedIsReplaced() throws {
    let journal = try ClickJournal(directory: folder, segmentBytes: 1 << 20)
    journal.record(.sample(1), at: 1_000_000)
    try FileManager.default.removeItem(atPath: folder + "/" + files[0])
    journal.record(.sample(2), at: 1_001_000)
    XCTAssertEqual(try lines().count, 1)
  }

  func testAFullDiskDropsAndCountsAndNeverTearsALine() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
    let before = limit
    signal(SIGXFSZ, SIG_IGN)
    let journal = try ClickJournal(directory: folder, segmentBytes: 1 << 20)
    limit.rlim_cur = 1000
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
    var written = 0
    for number in 0..<40 where journal.record(.sample(number)) { written += 1 }
    var restored = before
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &restored)
    XCTAssertGreaterThan(journal.dropped, 0)
    XCTAssertEqual(journal.dropped + written, 40)
    XCTAssertTrue(journal.record(.sample(99)))
    let lines = try lines()
    XCTAssertEqual(lines.count, written + 1)
    for line in lines { XCTAssertTrue(line.hasPrefix("{") && line.hasSuffix("}"), line) }
  }
}

/// What the folder's bound and the counter of drops do.
final class JournalBoundTests: XCTestCase {
  private var folder = ""

  override func setUp() {
    folder = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))"
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func journal() throws -> ClickJournal {
    try ClickJournal(directory: folder, segmentBytes: 1 << 16, maximumBytes: 1 << 20)
  }

  func testAWriterGoesOnWhenTheTimeOfClicksStandsStill() throws {
    let journal = try journal()
    // A 32nd of the bound at a look, and the next look when a tenth of a second has passed.
    var written = 0
    while journal.record(.sample(written, at: 1_000_000), at: 7000) { written += 1 }
    XCTAssertGreaterThan(written, 10)
    XCTAssertFalse(journal.record(.sample(written, at: 1_000_000), at: 7099))
    XCTAssertTrue(journal.record(.sample(written, at: 1_000_000), at: 7100))
  }

  func testEachDropIsNamedWhereThatIsAskedForAsOftenAsItIsCounted() throws {
    let ids = folder + ".ids"
    defer { try? FileManager.default.removeItem(atPath: ids) }
    // Two that fill the folder, as the workers of both pools do, and get the same click each.
    let writers = try (0..<2).map { _ in
      try ClickJournal(
        directory: folder, segmentBytes: 1 << 16, maximumBytes: 1 << 20, droppedIDs: ids)
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
    XCTAssertEqual(DropCounter.total(in: JournalDirectory(folder)), dropped.count)
  }

  func testManyWritersStayBelowTheBoundAndCountWhatTheyDrop() throws {
    let directory = JournalDirectory(folder)
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
    XCTAssertGreaterThan(try directory.bytes(), (1 << 20) / 10 * 8)
    XCTAssertEqual(DropCounter.total(in: directory), dropped)

    // Those that come after count on, and write again once there is room.
    writers = []
    let next = try journal()
    XCTAssertFalse(next.record(.sample(1), at: 2_000_000))
    XCTAssertEqual(DropCounter.total(in: directory), dropped + 1)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".ndjson") {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    XCTAssertTrue(next.record(.sample(2), at: 2_002_000))
    XCTAssertFalse(next.isNearlyFull)
  }
}
