import Service
import XCTest

final class TroubleTests: XCTestCase {
  func testTroubleIsToldWhenItChangesAndOnceAMinuteAtMost() {
    var trouble = Trouble()
    XCTAssertFalse(trouble.isNews(0, at: 0), "there never was any")
    XCTAssertTrue(trouble.isNews(2000, at: 1))
    for now in stride(from: Int64(2), to: 600_000, by: 1000) {
      XCTAssertFalse(trouble.isNews(2000, at: now), "nothing has changed")
    }
    XCTAssertTrue(trouble.isNews(1999, at: 600_000))
    XCTAssertFalse(trouble.isNews(0, at: 659_999))
    XCTAssertTrue(trouble.isNews(0, at: 660_000), "it is over")
    XCTAssertFalse(trouble.isNews(0, at: 900_000))
    XCTAssertTrue(trouble.isNews(1, at: 900_001))
  }

  func testTroubleThatComesAndGoesIsToldOnceAMinute() {
    var trouble = Trouble()
    let lines = (0..<600_000).count { trouble.isNews($0 % 2, at: Int64($0)) }
    XCTAssertEqual(lines, 10)
  }
}
