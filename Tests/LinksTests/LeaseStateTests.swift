import Links
import XCTest

final class LeaseStateTests: XCTestCase {
  private let term: Int64 = 60_000
  private let zero = LeaseMoment(wall: 90_000_000_000, boot: 1000)

  private func after(_ milliseconds: Int64, wall: Int64 = 0) -> LeaseMoment {
    LeaseMoment(wall: zero.wall + milliseconds + wall, boot: zero.boot + milliseconds)
  }

  private func holding(_ source: LeaseSource = .primary) -> LeaseState {
    var state = LeaseState(term: term)
    _ = state.answered(
      .granted(number: 7, last: -1, ceiling: zero.wall + term), by: source, asked: zero)
    return state
  }

  func testWithoutIDsNothingIsAsked() {
    var state = LeaseState(term: term)
    XCTAssertEqual(state.action(forID: false, at: zero), .nothing)
    XCTAssertEqual(state.action(forID: true, at: zero), .acquire(.primary))
  }

  func testItIsRenewedAtHalfItsTerm() {
    var state = holding()
    XCTAssertEqual(state.action(forID: false, at: after(29_999)), .nothing)
    XCTAssertEqual(
      state.action(forID: false, at: after(30_000)),
      .renew(.primary, number: 7, ceiling: zero.wall + 30_000 + term))
    state.renewed(upTo: zero.wall + 30_000 + term, asked: after(30_000))
    XCTAssertNotNil(state.nextID(at: after(80_000)))
  }

  func testNoIDIsMadeOnceTheTermIsOverWhateverTheWallClockSays() {
    var state = holding()
    XCTAssertNotNil(state.nextID(at: after(50_000)))
    XCTAssertNil(state.nextID(at: after(60_000, wall: -60_000)))
    XCTAssertEqual(state.action(forID: true, at: after(60_000)), .acquire(.primary))
  }

  func testAFailedRenewalLeavesTheRestOfTheTerm() {
    var state = holding()
    state.failed(.primary, at: after(30_000))
    XCTAssertEqual(state.action(forID: false, at: after(30_500)), .nothing)
    XCTAssertNotNil(state.nextID(at: after(50_000)))
    XCTAssertEqual(
      state.action(forID: false, at: after(31_000)),
      .renew(.primary, number: 7, ceiling: zero.wall + 50_000 + 1 + term))
  }

  func testAClockAheadOfTheCeilingForcesARenewalFirst() {
    var state = holding()
    let stepped = after(1000, wall: 3_600_000)
    XCTAssertNil(state.nextID(at: stepped))
    XCTAssertEqual(
      state.action(forID: true, at: stepped),
      .renew(.primary, number: 7, ceiling: stepped.wall + term))
    state.renewed(upTo: stepped.wall + term, asked: stepped)
    XCTAssertEqual(state.nextID(at: stepped)?.timestamp, stepped.wall)
    // And back again: the logical time stays where it was.
    XCTAssertEqual(state.nextID(at: after(2000))?.timestamp, stepped.wall)
  }

  func testInDoubtNoIDIsMadeBeforeTheStoreHasConfirmed() {
    var state = holding()
    state.doubt()
    XCTAssertNil(state.nextID(at: after(1000)))
    state.renewed(upTo: zero.wall + 1000 + term, asked: after(1000))
    XCTAssertNotNil(state.nextID(at: after(1000)))
  }

  func testThePrimaryFailingLeadsToTheFallbackAndBack() {
    var state = LeaseState(term: term)
    state.failed(.primary, at: zero)
    XCTAssertEqual(state.action(forID: true, at: zero), .acquire(.fallback))
    let granted = LeaseAnswer.granted(number: 800, last: -1, ceiling: zero.wall + term)
    XCTAssertNil(state.answered(granted, by: .fallback, asked: zero))
    XCTAssertEqual(state.nextID(at: after(10))?.worker, 800)
    XCTAssertEqual(state.action(forID: false, at: after(999)), .nothing)
    XCTAssertEqual(state.action(forID: false, at: after(1000)), .acquire(.primary))
    let better = LeaseAnswer.granted(number: 3, last: -1, ceiling: zero.wall + term)
    XCTAssertEqual(state.answered(better, by: .primary, asked: after(1000))?.number, 800)
    XCTAssertEqual(state.nextID(at: after(1001))?.worker, 3)
  }

  func testADoubtfulLeaseOfADeadPrimaryGivesWayToTheFallback() {
    var state = holding()
    state.doubt()
    state.failed(.primary, at: after(10))
    XCTAssertEqual(state.action(forID: true, at: after(11)), .acquire(.fallback))
  }

  func testWithBothStoresDeadItSaysHowLongToWait() {
    var state = LeaseState(term: term)
    state.failed(.primary, at: zero)
    state.failed(.fallback, at: after(100))
    XCTAssertEqual(state.action(forID: true, at: after(200)), .wait(milliseconds: 800))
  }

  func testASettlingStoreIsLeftAloneUntilItHasSettled() {
    var state = LeaseState(term: term)
    XCTAssertNil(state.answered(.gracePeriod(milliseconds: 5000), by: .primary, asked: zero))
    XCTAssertEqual(state.action(forID: true, at: after(4999)), .acquire(.fallback))
    XCTAssertEqual(state.action(forID: true, at: after(5000)), .acquire(.primary))
  }
}
