import XCTest

@testable import Totals

final class DeletionWatchTests: XCTestCase {
  func testADeletionThatDoesNotEndIsNotedOnceAMinute() {
    var watch = DeletionWatch()
    let noted = stride(from: 0, through: 300_000, by: 1000).filter {
      watch.see(isDeleting: true, at: Int64($0))
    }
    XCTAssertEqual(noted, [60_000, 120_000, 180_000, 240_000, 300_000])
    XCTAssertTrue(watch.isOverdue)
  }

  func testDeletionsThatEndAreNeverNoted() {
    var watch = DeletionWatch()
    for second in Int64(0)..<300 {
      XCTAssertFalse(watch.see(isDeleting: second % 50 != 0, at: second * 1000))
    }
    XCTAssertFalse(watch.isOverdue)
  }
}
