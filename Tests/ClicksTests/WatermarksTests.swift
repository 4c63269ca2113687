import Clicks
import TestSupport
import XCTest

final class WatermarksTests: XCTestCase {
  private let journal = JournalID(rawValue: 9)

  private func range(_ from: Int, _ to: Int) throws -> JournalRange {
    try XCTUnwrap(JournalRange(journal: journal, from: from, to: to))
  }

  func testAMessageIsJudgedByTheMark() throws {
    var marks = Watermarks()
    marks.learn(journal, stored: 100)
    XCTAssertEqual(marks.classify(try range(0, 100), confirmed: 0), .repeat)
    XCTAssertEqual(marks.classify(try range(20, 60), confirmed: 0), .repeat)
    XCTAssertEqual(marks.classify(try range(50, 150), confirmed: 50), .take(above: 100, lost: 0))
    XCTAssertEqual(marks.classify(try range(100, 150), confirmed: 0), .take(above: 100, lost: 0))
    XCTAssertEqual(
      marks.classify(try range(150, 200), confirmed: 100), .early, "the relay sends it again")
    XCTAssertEqual(
      marks.classify(try range(150, 200), confirmed: 150), .take(above: 150, lost: 50),
      "the relay won't send it again")
  }

  func testWhatIsTakenCountsUntilItIsRolledBack() throws {
    var marks = Watermarks()
    marks.learn(journal, stored: 0)
    marks.take(try range(0, 50))
    marks.take(try range(50, 80))
    XCTAssertEqual(marks.classify(try range(0, 80), confirmed: 0), .repeat)
    marks.settle([journal: 50])
    XCTAssertEqual(marks.mark(of: journal), 80)
    marks.rollBack()
    XCTAssertEqual(marks.mark(of: journal), 50)
    marks.trim()
    XCTAssertFalse(marks.knows(journal))
  }
}
