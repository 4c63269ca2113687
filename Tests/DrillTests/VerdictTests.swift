import Foundation
import XCTest

@testable import drill

/// What a drill says of its clicks, from sets that are known.
final class VerdictTests: XCTestCase {
  private func click(_ number: Int) -> Oracle.Expected {
    Oracle.Expected(
      code: "abc", address: "127.0.0.1", userAgent: "drill \(number)", referrer: "")
  }

  private func row(_ id: String, _ number: Int, second: Double = 0) -> StoredClick {
    StoredClick(id: id, click: click(number), second: second)
  }

  /// A hundred answered redirects, all stored.
  private func evidence() -> Evidence {
    var evidence = Evidence()
    for number in 0..<100 {
      evidence.answered["id\(number)"] = click(number)
      evidence.stored.append(row("id\(number)", number))
    }
    return evidence
  }

  func testWhatIsAnsweredAndStoredIsClean() {
    let verdict = Verdict(evidence())
    XCTAssertTrue(verdict.isClean)
    XCTAssertEqual(verdict.remarks, [])
    XCTAssertEqual(
      [verdict.attempted, verdict.answered, verdict.stored], [100, 100, 100])
  }

  func testADropThatIsCountedTwiceHidesNoLostClick() {
    var evidence = evidence()
    evidence.stored.removeFirst(2)
    // Both pools could not write the first one, and nobody knows of the second one.
    evidence.dropped = ["id0", "id0"]
    evidence.counted = 2
    let verdict = Verdict(evidence)
    XCTAssertEqual(verdict.lost, ["id1"])
    XCTAssertEqual(verdict.dropped, ["id0"])
    XCTAssertFalse(verdict.isClean)
  }

  func testADropOfARequestWithoutAnAnswerHidesNoLostClick() {
    var evidence = evidence()
    evidence.stored.removeFirst()
    evidence.unanswered = [click(1000)]
    evidence.dropped = ["id1000"]
    evidence.counted = 1
    XCTAssertEqual(Verdict(evidence).lost, ["id0"])
  }

  func testADropThatTheOtherPoolHasStoredIsNone() {
    var evidence = evidence()
    evidence.dropped = ["id7"]
    evidence.counted = 1
    let verdict = Verdict(evidence)
    XCTAssertTrue(verdict.isClean)
    XCTAssertEqual(verdict.dropped, [])
    XCTAssertEqual(verdict.notes, ["dropped by one pool and stored by the other 1"])
  }

  func testACounterThatDiffersFromTheNamedDropsIsRemarked() {
    var evidence = evidence()
    evidence.stored.removeFirst()
    evidence.dropped = ["id0"]
    evidence.counted = 2
    XCTAssertEqual(
      Verdict(evidence).remarks, ["2 tries are counted as dropped, 1 are named"])
  }

  func testARowTooManyIsDoubleAndOneOfNobodysSpurious() {
    var evidence = evidence()
    evidence.stored += [row("id3", 3), row("stranger", 1000)]
    let verdict = Verdict(evidence)
    XCTAssertEqual(verdict.double, 1)
    XCTAssertEqual(verdict.spurious, 1)
  }

  func testARequestWithoutAnAnswerExcusesOneRowOfItsOwnAndNoOther() {
    var evidence = evidence()
    evidence.unanswered = [click(1000), click(1001)]
    evidence.stored.append(row("a", 1000))
    XCTAssertTrue(Verdict(evidence).isClean)
    evidence.stored.append(row("b", 1000))
    XCTAssertEqual(Verdict(evidence).spurious, 1)
    // The same request under another id, though its client saw the one that is stored.
    evidence.stored.append(row("c", 5))
    XCTAssertEqual(Verdict(evidence).spurious, 2)
  }

  func testARowThatIsNotWhatWasSentIsCorrupt() {
    var evidence = evidence()
    evidence.stored[4] = row("id4", 5)
    XCTAssertEqual(Verdict(evidence).corrupt, 1)
  }

  func testARowForAnotherLinkWithAnotherHostOrOfAnotherWeightIsCorrupt() {
    let wrong = [
      StoredClick.Derived(scope: 5_000_001, referrerHost: "", weight: 1),
      StoredClick.Derived(scope: 5_000_000, referrerHost: "a.example", weight: 1),
      StoredClick.Derived(scope: 5_000_000, referrerHost: "", weight: 2),
    ]
    var evidence = evidence()
    evidence.scopes = ["abc": 5_000_000]
    for row in evidence.stored.indices {
      evidence.stored[row].derived = .init(scope: 5_000_000, referrerHost: "", weight: 1)
    }
    XCTAssertTrue(Verdict(evidence).isClean)
    for (row, derived) in wrong.enumerated() { evidence.stored[row].derived = derived }
    XCTAssertEqual(Verdict(evidence).corrupt, 3)
  }

  func testARowOfAnotherLinkRevisionRuleOrDomainThanTheAnswersIsCorrupt() {
    let state = Led.State(domain: 16, revision: 3, rule: 2)
    func corrupt(_ derived: StoredClick.Derived) -> Int {
      var evidence = evidence()
      evidence.stored[0].derived = derived
      evidence.led["id0"] = Led(link: 7, states: [state])
      return Verdict(evidence).corrupt
    }
    let right = StoredClick.Derived(scope: 7, referrerHost: "", weight: 1, state: state)
    XCTAssertEqual(corrupt(right), 0)
    for wrong in [
      Led.State(domain: 0, revision: 3, rule: 2), Led.State(domain: 16, revision: 2, rule: 2),
      Led.State(domain: 16, revision: 3, rule: 1),
    ] {
      XCTAssertEqual(corrupt(.init(scope: 7, referrerHost: "", weight: 1, state: wrong)), 1)
    }
    XCTAssertEqual(corrupt(.init(scope: 8, referrerHost: "", weight: 1, state: state)), 1)
  }

  func testARowOfTheReleaseBeforeTellsNoState() {
    var evidence = evidence()
    evidence.lastOldBatch = 5
    evidence.led["id0"] = Led(link: 7)
    evidence.stored[0].derived = .init(
      scope: 7, referrerHost: "", weight: 1, state: .init(revision: 0))
    for (batch, corrupt) in [UInt64(5): 0, 6: 1] {
      evidence.stored[0].batch = batch
      XCTAssertEqual(Verdict(evidence).corrupt, corrupt)
    }
  }

  func testCountsThatAreOtherThanTheRowsAreCorruptAndAnEarlierVerdictStands() {
    var verdict = Verdict(evidence())
    verdict.add([(count: 3, what: "link_days"), (count: 1, what: "link_totals")])
    XCTAssertEqual(verdict.corrupt, 4)
    XCTAssertEqual(verdict.remarks, ["link_days", "link_totals"])
    XCTAssertEqual(verdict.followed(by: Verdict(evidence())).corrupt, 4)
    XCTAssertEqual(Verdict(evidence()).followed(by: verdict).corrupt, 4)
  }

  func testARowOfAnotherTimeIsCorruptButWhereTheClockWasOff() {
    var evidence = evidence()
    let began = Date(timeIntervalSince1970: 1000)
    evidence.times["id0"] = Oracle.Span(began: began, ended: began.addingTimeInterval(0.1))
    evidence.stored[0] = row("id0", 0, second: 1000)
    XCTAssertEqual(Verdict(evidence).corrupt, 0)
    evidence.stored[0] = row("id0", 0, second: 1003)
    XCTAssertEqual(Verdict(evidence).corrupt, 1)
    evidence.clockOff = 10
    XCTAssertEqual(Verdict(evidence).corrupt, 0)
  }

  func testAPowerCutTakesWhatWasAnsweredJustBeforeAndNoMore() {
    var evidence = evidence()
    evidence.stored.removeFirst(3)
    let cut = Date(timeIntervalSince1970: 1000)
    evidence.powerCuts = [cut]
    for (id, age) in [("id0", 0.2), ("id1", 5.0), ("id2", -3.0)] {
      let ended = cut.addingTimeInterval(-age)
      evidence.times[id] = Oracle.Span(began: ended, ended: ended)
    }
    XCTAssertEqual(Verdict(evidence).lost, ["id1", "id2"])
  }
}
