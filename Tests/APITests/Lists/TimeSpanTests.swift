import API
import XCTest

final class TimeSpanTests: XCTestCase {
  private let noon: Int64 = 1_769_860_800_000

  func testADateIsAWholeDay() throws {
    let day = try XCTUnwrap(TimeSpan("2026-01-31"))
    XCTAssertEqual(day.start, 1_769_817_600_000)
    XCTAssertEqual(day.end, day.start + 86_400_000)
  }

  func testATimeIsAWholeSecondHoweverItIsWritten() throws {
    for text in [
      "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.999Z", "2026-01-31T13:00:00+01:00",
      "2026-01-31T13:00:00 01:00", "2026-01-31T06:30:00-05:30", "2026-01-31 12:00:00",
      "2026-01-31T12:00:00",
    ] {
      XCTAssertEqual(TimeSpan(text)?.start, noon, text)
      XCTAssertEqual(TimeSpan(text)?.end, noon + 1000, text)
    }
    XCTAssertEqual(TimeSpan("1969-12-31T23:59:59.5Z")?.start, -1000)
  }

  func testWhatIsNoTimeIsRefused() {
    for text in [
      "", "today", "2026", "2026-02-30", "2026-13-01", "2026-1-1", "2026-01-31T",
      "2026-01-31T25:00:00Z",
      "2026-01-31T12:00", "2026-01-31T12:00:00+1", "20260131", "2026-01-31Z", "2026-01-3é",
    ] {
      XCTAssertNil(TimeSpan(text), text)
    }
  }
}
