import Links
import XCTest

@testable import Totals

final class ScopeWindowTests: XCTestCase {
  func testEmptyWindowsReachTheLastIdInFewSteps() {
    var window = ScopeWindow()
    var steps = 1
    XCTAssertEqual(window.start, Scope.firstLink.rawValue - 1)
    while window.advance(past: window.end, isFull: false) { steps += 1 }
    XCTAssertEqual(window.start, Scope.firstName.rawValue - 1)
    XCTAssertLessThan(steps, 20)
  }

  func testWindowsHaveNoGaps() {
    var window = ScopeWindow()
    var end = window.end
    while window.advance(past: end, isFull: false) {
      XCTAssertEqual(window.start, end)
      XCTAssertGreaterThan(window.end, window.start)
      end = window.end
    }
  }

  func testAFullPageGoesOnBehindItsLastLinkWithANarrowerWindow() {
    var window = ScopeWindow()
    let width = window.end - window.start
    XCTAssertTrue(window.advance(past: window.start + 10, isFull: true))
    XCTAssertEqual(window.end - window.start, width / 2)
  }

  func testAWindowThatTakesTooLongNarrowsAndStaysAWindow() {
    var window = ScopeWindow()
    for _ in 0..<100 { window.shrink() }
    XCTAssertGreaterThan(window.end, window.start)
  }
}
