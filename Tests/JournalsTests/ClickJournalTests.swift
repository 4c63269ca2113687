import Clicks
import EngineSupport
import Files
import Foundation
import Journals
import Service
import TestSupport
import XCTest

final class ClickJournalTests: XCTestCase {
  private var scratch: ScratchDirectory?
  private var directory: String { scratch?("a/b") ?? "" }

  private var state: StateDirectory { StateDirectory(directory + ".state") }

  override func setUpWithError() throws { scratch = try ScratchDirectory("journal") }

  override func tearDown() { scratch = nil }

  private var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  private func lines() throws -> [String] {
    try files.flatMap { name in
      try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  func testEachClickIsALineAtOnce() throws {
    let journal = try ClickJournal(directory: directory, state: state, segmentBytes: 1 << 20)
    XCTAssertEqual(files, [], "no file before the first click")
    for number in 0..<10 {
      XCTAssertTrue(journal.record(.sample(number)))
      XCTAssertEqual(try lines().count, number + 1)
    }
    XCTAssertEqual(files.count, 1)
    XCTAssertEqual(files[0].count, 23)
  }

  func testALongJournalIsFollowedByAnother() throws {
    let journal = try ClickJournal(directory: directory, state: state, segmentBytes: 1000)
    for number in 0..<50 { journal.record(.sample(number)) }
    XCTAssertGreaterThan(files.count, 5)
    XCTAssertEqual(try lines().count, 50)
  }

  func testAnIdleJournalOfSomeLengthIsClosed() throws {
    let journal = try ClickJournal(
      directory: directory, state: state, segmentBytes: 1600, idleMilliseconds: 5000)
    journal.record(.sample(1), at: 1_000_000)
    let path = directory + "/" + files[0]
    XCTAssertNil(try FileLock.take(path), "its writer lives")
    journal.closeIfIdle(at: 1_004_999)
    XCTAssertNil(try FileLock.take(path))
    journal.closeIfIdle(at: 1_005_000)
    XCTAssertNotNil(try FileLock.take(path))
    journal.record(.sample(2), at: 1_005_001)
    XCTAssertEqual(files.count, 2)
  }

  func testAFewClicksNowAndThenStayInOneJournal() throws {
    let journal = try ClickJournal(directory: directory, state: state, segmentBytes: 1 << 20)
    for number in 0..<100 {
      let now = Int64(number) * 60_000
      journal.record(.sample(number), at: now)
      journal.closeIfIdle(at: now + 59_000)
    }
    XCTAssertEqual(files.count, 1)
    XCTAssertEqual(try lines().count, 100)
    journal.closeIfIdle(at: 99 * 60_000 + 3_600_000)
    XCTAssertNotNil(try FileLock.take(directory + "/" + files[0]))
  }

  func testAJournalThatDisappearedIsReplaced() throws {
    let journal = try ClickJournal(directory: directory, state: state, segmentBytes: 1 << 20)
    journal.record(.sample(1), at: 1_000_000)
    try FileManager.default.removeItem(atPath: directory + "/" + files[0])
    journal.record(.sample(2), at: 1_001_000)
    XCTAssertEqual(try lines().count, 1)
  }

  func testAFullDiskDropsAndCountsAndNeverTearsALine() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
    let before = limit
    signal(SIGXFSZ, SIG_IGN)
    let journal = try ClickJournal(directory: directory, state: state, segmentBytes: 1 << 20)
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
