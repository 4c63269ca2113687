import XCTest

@testable import drill

/// By when an edit counts as seen, and which state of its link a click may tell of.
final class EditHistoryTests: XCTestCase {
  /// Three states that ended at 10 and at 20 seconds.
  private func history(
    told: [String: Double] = ["b": 10, "c": 20], _ answers: EditHistory.Answer...
  ) -> EditHistory {
    EditHistory(
      states: [
        .init(revision: 1, destination: "a", endedAt: 10),
        .init(revision: 2, destination: "b", endedAt: 20),
        .init(revision: 3, destination: "c", endedAt: nil),
      ], told: told, answers: answers)
  }

  private func answer(
    _ location: String, at sent: Double, for seconds: Double = 0.1
  ) -> EditHistory.Answer {
    .init(id: "id", location: location, sent: sent, received: sent + seconds)
  }

  func testAnOldAnswerIsAFaultFromASecondAfterTheEditOn() {
    let early = history(answer("a", at: 9), answer("a", at: 10.9), answer("c", at: 30))
    XCTAssertEqual(early.ages(.none, harm: 0...100).faults, [])
    XCTAssertEqual(early.ages(.none, harm: 0...100).longest, 0.9, accuracy: 0.001)
    let late = history(answer("a", at: 11.1), answer("b", at: 21.2))
    XCTAssertEqual(late.ages(.none, harm: 0...100).faults.count, 2)
  }

  func testADestinationThatNoStateHasIsAFault() {
    XCTAssertEqual(history(answer("x", at: 1)).ages(.announcement, harm: 0...100).faults.count, 1)
  }

  func testWithoutPostgreSQLAnEditCountsFromWhenItWasToldOrFromTheEndOfTheHarm() {
    let told = history(told: ["b": 14, "c": 20], answer("a", at: 14.9))
    XCTAssertEqual(told.ages(.commit, harm: 0...100).faults, [])
    XCTAssertEqual(
      history(told: ["b": 14], answer("a", at: 15.1)).ages(.commit, harm: 0...100).faults.count, 1)
    let untold = history(told: [:], answer("a", at: 30))
    XCTAssertEqual(untold.ages(.commit, harm: 0...29.5).faults, [])
    XCTAssertEqual(untold.ages(.commit, harm: 0...28.5).faults.count, 1)
    XCTAssertEqual(untold.edits, 0)
  }

  func testWhereAnnouncementsAreHarmedOldAnswersAreRightUntilASecondAfterIt() {
    let history = history(answer("a", at: 30))
    XCTAssertEqual(history.ages(.announcement, harm: 5...29.5).faults, [])
    XCTAssertEqual(history.ages(.announcement, harm: 5...28.5).faults.count, 1)
    XCTAssertEqual(history.ages(.announcement, harm: 31...40).faults.count, 1)
  }

  func testAClickTellsOfTheStateThatWasAnsweredOrNearAnEditOfTheOther() {
    func revisions(_ answer: EditHistory.Answer) -> [UInt32]? {
      history(answer).leds(link: 7, domain: 3)["id"]?.states.map(\.revision).sorted()
    }
    XCTAssertEqual(revisions(answer("b", at: 15)), [2])
    XCTAssertEqual(revisions(answer("b", at: 10.5)), [1, 2])
    XCTAssertEqual(revisions(answer("b", at: 19.95)), [2, 3])
    XCTAssertEqual(revisions(answer("b", at: 15, for: 1)), [1, 2, 3])
    XCTAssertEqual(history(answer("b", at: 15)).leds(link: 7, domain: 3)["id"]?.link, 7)
  }
}
