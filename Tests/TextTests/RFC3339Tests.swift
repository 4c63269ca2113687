import Text
import XCTest

final class RFC3339Tests: XCTestCase {
  private func parse(_ text: String) -> Int64? {
    Array(text.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
  }

  func testKnownTimes() {
    let rows: [(Int64, String)] = [
      (0, "1970-01-01T00:00:00Z"),
      (951_782_400, "2000-02-29T00:00:00Z"),
      (1_078_099_199, "2004-02-29T23:59:59Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"),
      (1_763_841_000, "2025-11-22T19:50:00Z"),
      (253_402_300_799, "9999-12-31T23:59:59Z"),
    ]
    for (seconds, text) in rows {
      XCTAssertEqual(RFC3339.string(seconds: seconds), text)
      XCTAssertEqual(parse(text), seconds * 1000)
    }
  }

  func testTimesOneAfterAnotherAreWrittenLikeEachByItself() {
    var times = TimeWriter()
    let latest = RFC3339.latest
    for time in [
      0, 7, 999, 1000, 1_763_841_000_500, 1_763_841_000_499, 1_763_841_000_007, 1_763_841_001_000,
      1_763_841_000_999, -1, 12, Int64.min, latest, latest - 1, latest + 1, Int64.max,
      1_767_225_599_999,
      1_767_225_600_000, 1_767_225_600_000,
    ] {
      let text = String(unsafeUninitializedCapacity: RFC3339.length) { buffer in
        if let start = buffer.baseAddress { times.write(time, to: start) }
        return RFC3339.length
      }
      XCTAssertEqual(text, RFC3339.string(milliseconds: time))
    }
  }

  func testOffsetsAndFractionsAreRead() {
    XCTAssertEqual(parse("2025-11-22T20:50:00.5+01:00"), 1_763_841_000_500)
    XCTAssertEqual(parse("2025-11-22t18:20:00.123999-01:30"), 1_763_841_000_123)
    XCTAssertEqual(parse("2025-11-22T19:50:00+00:00"), 1_763_841_000_000)
    XCTAssertEqual(
      parse("2016-12-31T23:59:60Z"), 1_483_228_799_000, "a leap second is its second 59")
  }

  func testWhatIsNoTimeIsRefused() {
    for text in [
      "", "2025-11-22", "2025-11-22T19:50:00", "2025-13-01T00:00:00Z", "2025-02-29T00:00:00Z",
      "2100-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-11-22T24:00:00Z",
      "2025-11-22T19:60:00Z", "2025-11-22T19:50:00.Z", "2025-11-22T19:50:00Zx",
      "2025-11-22T19:50:00+1:00", "2025-11-22T19:50:00+24:00", "2025-11-22 19:50:00Z",
      "2025-11-2aT19:50:00Z",
    ] {
      XCTAssertNil(parse(text), text)
    }
  }
}
