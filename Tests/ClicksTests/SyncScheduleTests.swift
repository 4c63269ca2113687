import Clicks
import TestSupport
import XCTest

final class SyncScheduleTests: XCTestCase {
  private let journal = JournalID(rawValue: 1)

  func testWhatIsConfirmedInTimeIsNeverDue() {
    var schedule = SyncSchedule(limit: 100)
    for turn in 0..<100 {
      XCTAssertFalse(
        schedule.look(
          at: journal, size: turn * 10 + 10, confirmed: turn * 10, now: Int64(turn) * 50))
    }
  }

  func testAByteIsDueOnceItHasWaited() {
    var schedule = SyncSchedule(limit: 100)
    XCTAssertFalse(schedule.look(at: journal, size: 10, confirmed: 0, now: 1000))
    XCTAssertFalse(schedule.look(at: journal, size: 30, confirmed: 0, now: 1099))
    XCTAssertTrue(schedule.look(at: journal, size: 40, confirmed: 0, now: 1100))
    XCTAssertTrue(schedule.synced(journal, to: 40), "its name is new in the directory")
    XCTAssertFalse(schedule.look(at: journal, size: 40, confirmed: 0, now: 5000))
    XCTAssertFalse(schedule.look(at: journal, size: 41, confirmed: 0, now: 5001))
    XCTAssertTrue(schedule.look(at: journal, size: 41, confirmed: 40, now: 5101))
    XCTAssertFalse(schedule.synced(journal, to: 41))
  }

  func testAConfirmOfEarlierBytesDoesNotMakeLaterOnesYoung() {
    var schedule = SyncSchedule(limit: 100)
    XCTAssertFalse(schedule.look(at: journal, size: 10, confirmed: 0, now: 0))
    XCTAssertFalse(schedule.look(at: journal, size: 20, confirmed: 0, now: 50))
    XCTAssertFalse(schedule.look(at: journal, size: 20, confirmed: 10, now: 149))
    XCTAssertTrue(schedule.look(at: journal, size: 20, confirmed: 10, now: 150))
  }

  func testAJournalThatIsNoMoreIsForgotten() {
    var schedule = SyncSchedule(limit: 100)
    XCTAssertTrue(schedule.synced(journal, to: 10))
    schedule.keep(only: [])
    XCTAssertTrue(schedule.synced(journal, to: 10))
  }

  /// Whatever happens: no byte is older than the limit and a pause without being confirmed or synced.
  func testNoByteIsUnsafeForLonger() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      var schedule = SyncSchedule(limit: 75)
      var writtenAt: [Int64] = []
      var confirmed = 0
      var safe = 0
      for now in Int64(0)..<1000 {
        for _ in 0..<Int.random(in: 0...2, using: &random) { writtenAt.append(now) }
        if Int.random(in: 0..<20, using: &random) == 0 {
          confirmed = Int.random(in: confirmed...writtenAt.count, using: &random)
          safe = max(safe, confirmed)
        }
        guard now % 25 == 0 else { continue }
        if schedule.look(at: journal, size: writtenAt.count, confirmed: confirmed, now: now) {
          _ = schedule.synced(journal, to: writtenAt.count)
          safe = writtenAt.count
        }
        if safe < writtenAt.count { XCTAssertLessThan(now - writtenAt[safe], 100) }
      }
    }
  }
}
