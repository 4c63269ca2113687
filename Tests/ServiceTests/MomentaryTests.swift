import Service
import XCTest

final class MomentaryTests: XCTestCase {
  func testAValueIsMadeOnceInItsTimeHoweverOftenItIsAskedFor() {
    var made = 0
    let momentary = Momentary(milliseconds: 1000) {
      made += 1
      return made
    }
    XCTAssertEqual(made, 0)
    for now in [5000, 5001, 5999] as [Int64] { XCTAssertEqual(momentary.value(at: now), 1) }
    XCTAssertEqual(momentary.value(at: 6000), 2)
    XCTAssertEqual(momentary.value(at: 6999), 2)
    XCTAssertEqual(momentary.value(at: 7000), 3)
  }
}
