import Clicks
import Foundation
import Service
import XCTest

@testable import Files
@testable import Journals
@testable import Pipeline

/// Which journals the relay opens, leaves alone and reads, and what it keeps of those it hasn't open.
final class FollowedJournalsTests: XCTestCase {
  private let first = JournalID(rawValue: 1)
  private let second = JournalID(rawValue: 2)
  private let directory = NSTemporaryDirectory() + "swiftlet-test-\(UUID().uuidString)"

  override func setUpWithError() throws { try Files.Directory.make(directory, mode: 0o750) }

  override func tearDown() { try? FileManager.default.removeItem(atPath: directory) }

  private func entry(_ journal: JournalID, isJournal: Bool = true) -> JournalEntry {
    JournalEntry(journal: journal, bytes: 10, modified: 0, isJournal: isJournal)
  }

  private func file(_ journal: JournalID) throws(FileError) -> JournalFile? {
    XCTAssertTrue(
      FileManager.default.createFile(
        atPath: JournalDirectory(directory).file(journal), contents: Data("line\n".utf8)))
    return try JournalFile.open(journal, in: Files.Directory(directory))
  }

  private func refusal() -> FileError { FileError("open", "journal", code: EMFILE) }

  func testAJournalIsOpenedOnceAndGoesOnWhereAnEarlierRelayStopped() throws {
    var journals = FollowedJournals(confirmed: [first: 40])
    XCTAssertEqual(journals.unopenedEnds, [first: 40])
    XCTAssertEqual(
      journals.meet(entry(first), at: 0) { () throws(FileError) in try file(first) }, 40)
    XCTAssertEqual(
      journals.meet(entry(second), at: 0) { () throws(FileError) in try file(second) }, 0)
    XCTAssertEqual(journals.unopenedEnds, [:], "the ledger has the progress of what is open")
    XCTAssertNil(
      journals.meet(entry(first), at: 1) { () throws(FileError) in
        XCTFail("it is open")
        return nil
      })
    XCTAssertEqual(Set(journals.open.keys), [first, second])
    XCTAssertEqual(journals.endRound(at: 1).count, 0)
  }

  func testAJournalThatIsNoMoreKeepsNoPlaceAndLosesNoProgress() {
    var journals = FollowedJournals(confirmed: [first: 40])
    XCTAssertNil(journals.meet(entry(first), at: 0) { () throws(FileError) in nil })
    XCTAssertEqual(journals.open.count, 0)
    XCTAssertEqual(journals.endRound(at: 0).count, 0)
    XCTAssertEqual(journals.unopenedEnds, [first: 40])
  }

  func testAJournalThatCanNotBeOpenedIsLeftAloneForAWhileAndThenTriedAgain() throws {
    var journals = FollowedJournals(confirmed: [first: 40])
    XCTAssertNil(
      journals.meet(entry(first), at: 100) { () throws(FileError) in throw refusal() })
    var round = journals.endRound(at: 100)
    XCTAssertEqual(round.count, 1)
    XCTAssertEqual(round.reason, refusal())

    let last = 100 + FollowedJournals.restMilliseconds - 1
    XCTAssertNil(
      journals.meet(entry(first), at: last) { () throws(FileError) in
        XCTFail("it is left alone")
        return nil
      })
    round = journals.endRound(at: last)
    XCTAssertEqual(round.count, 1, "it still can't be read")
    XCTAssertNil(round.reason)

    XCTAssertEqual(
      journals.meet(entry(first), at: last + 1) { () throws(FileError) in try file(first) }, 40)
    XCTAssertEqual(journals.endRound(at: last + 1).count, 0)
  }

  func testWhatIsNoJournalIsCountedInEachRoundAndNeverOpened() {
    var journals = FollowedJournals()
    for _ in 0..<2 {
      XCTAssertNil(
        journals.meet(entry(first, isJournal: false), at: 0) { () throws(FileError) in
          XCTFail("it is no journal")
          return nil
        })
      let round = journals.endRound(at: 0)
      XCTAssertEqual(round.count, 1)
      XCTAssertNil(round.reason)
    }
  }

  func testAnOpenJournalThatCanNotBeReadStaysOpenAndIsLeftAlone() throws {
    var journals = FollowedJournals()
    _ = journals.meet(entry(first), at: 0) { () throws(FileError) in try file(first) }
    let journal = try XCTUnwrap(journals.open[first])
    journals.leaveAlone(journal, for: refusal(), at: 100)
    XCTAssertTrue(journal.isLeftAlone(at: 100))
    XCTAssertNil(journals.meet(entry(first), at: 100) { () throws(FileError) in nil })
    let round = journals.endRound(at: 100)
    XCTAssertEqual(round.count, 1)
    XCTAssertEqual(round.reason, refusal())
    let end = 100 + FollowedJournals.restMilliseconds
    XCTAssertFalse(journal.isLeftAlone(at: end))
    XCTAssertNil(journals.meet(entry(first), at: end) { () throws(FileError) in nil })
    XCTAssertEqual(journals.endRound(at: end).count, 0)
  }

  func testNoMoreThanTheLimitIsOpenAndAFinishedOneMakesRoom() throws {
    var journals = FollowedJournals()
    let limit = FollowedJournals.openLimit
    for number in 1...limit {
      let id = JournalID(rawValue: UInt64(number))
      XCTAssertNotNil(journals.meet(entry(id), at: 0) { () throws(FileError) in try file(id) })
    }
    let next = JournalID(rawValue: UInt64(limit + 1))
    XCTAssertNil(
      journals.meet(entry(next), at: 0) { () throws(FileError) in
        XCTFail("there is no room")
        return nil
      })
    XCTAssertEqual(journals.endRound(at: 0).count, 0, "one that waits for room can be read")
    journals.close(first)
    XCTAssertNotNil(journals.meet(entry(next), at: 0) { () throws(FileError) in try file(next) })
    XCTAssertEqual(journals.open.count, limit)
  }

  func testFewBytesAreReadNowAndThenAndAWholeMessageAtOnce() throws {
    let journal = FollowedJournal(try XCTUnwrap(try file(first)))
    XCTAssertTrue(journal.isDue(waiting: 1, message: 100, at: 0))
    XCTAssertFalse(journal.isDue(waiting: 0, message: 100, at: 0))
    journal.rest(until: 50)
    XCTAssertFalse(journal.isDue(waiting: 99, message: 100, at: 49))
    XCTAssertTrue(journal.isDue(waiting: 99, message: 100, at: 50))
    XCTAssertTrue(journal.isDue(waiting: 100, message: 100, at: 1))
  }
}
