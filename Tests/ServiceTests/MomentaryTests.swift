import Service
import XCTest

final class MomentaryTests: XCTestCase {
  func testAValueIsMadeOnceInItsTimeHoweverOftenItIsAskedFor() {
    var (made, now) = (0, Int64(5000))
    func clock() -> Int64 { now }
    let momentary = Momentary(milliseconds: 1000, clock: clock) {
      made += 1
      return made
    }
    XCTAssertEqual(made, 0)
    for (time, value) in [
      (5000, 1), (5001, 1), (5999, 1), (6000, 2), (6999, 2), (7000, 3),
    ] as [(Int64, Int)] {
      now = time
      XCTAssertEqual(momentary.value(), value)
    }
  }

  func testAValueIsGoodForItsTimeAlsoWhenMakingItTakesLonger() {
    var (made, now) = (0, Int64(5000))
    func clock() -> Int64 { now }
    let momentary = Momentary(milliseconds: 1000, clock: clock) {
      made += 1
      now += 3000
      return made
    }
    XCTAssertEqual(momentary.value(), 1)
    now += 999
    XCTAssertEqual(momentary.value(), 1)
    now += 1
    XCTAssertEqual(momentary.value(), 2)
  }
}
