import XCTest

@testable import Analytics

/// Where a page's rows are, by the counts of hours.
final class VisitHoursTests: XCTestCase {
  private let hours = VisitHours(
    hours: [
      .init(start: 36_000, count: 5), .init(start: 7200, count: 1), .init(start: 0, count: 4),
    ])

  private func find(_ offset: Int, _ limit: Int) -> [Int64?]? {
    hours.window(at: offset, atMost: limit).map {
      [$0.window.start, $0.window.end, Int64($0.skipped)]
    }
  }

  func testAPageWithinAnHourIsLookedForThereAlone() {
    XCTAssertEqual(find(0, 5), [36_000, 39_600, 0])
    XCTAssertEqual(find(2, 3), [36_000, 39_600, 2])
  }

  func testAPageOverSeveralHoursBeginsInTheFirstOfThem() {
    XCTAssertEqual(find(4, 2), [7200, 39_600, 4])
    XCTAssertEqual(find(5, 2), [0, 10_800, 0])
    XCTAssertEqual(find(7, 100), [0, 3600, 1])
  }

  func testBehindTheLastVisitThereIsNothing() {
    XCTAssertNil(find(10, 1))
    XCTAssertNil(VisitHours(hours: []).window(at: 0, atMost: 1))
  }
}
