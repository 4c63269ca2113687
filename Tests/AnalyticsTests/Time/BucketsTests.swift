import XCTest

@testable import Analytics

/// Ranges of time and their parts, in zones whose clocks are set.
final class BucketsTests: XCTestCase {
  private func zone(_ name: String) throws -> Zone { try XCTUnwrap(Zone(named: name), name) }

  /// A range of dates in a zone.
  private func range(_ start: String, _ end: String, _ zone: Zone) throws -> TimeRange {
    TimeRange(
      start: try XCTUnwrap(TimeEdge(start)).second(in: zone),
      end: try XCTUnwrap(TimeEdge(end)).second(in: zone))
  }

  private func lengths(_ buckets: Buckets) -> [Int64] {
    zip(buckets.starts, buckets.starts.dropFirst() + [buckets.range.end]).map { $1 - $0 }
  }

  func testADayHas23Or25HoursWhereClocksAreSet() throws {
    let berlin = try zone("Europe/Berlin")
    let days = try XCTUnwrap(
      Buckets(try range("2026-03-28", "2026-03-31", berlin), .day, in: berlin))
    XCTAssertEqual(lengths(days), [86_400, 82_800, 86_400])
    for (day, next, count) in [
      ("2026-03-29", "2026-03-30", 23), ("2026-10-25", "2026-10-26", 25),
    ] {
      let hours = try XCTUnwrap(Buckets(try range(day, next, berlin), .hour, in: berlin))
      XCTAssertEqual(lengths(hours), Array(repeating: 3600, count: count))
    }
    let autumn = try XCTUnwrap(
      Buckets(try range("2026-10-25", "2026-10-26", berlin), .hour, in: berlin))
    XCTAssertEqual(
      autumn.starts[2...3].map(berlin.text(of:)),
      ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"])
  }

  func testHoursAreThoseOfTheZonesClocks() throws {
    let kathmandu = try zone("Asia/Kathmandu")
    let hours = try XCTUnwrap(
      Buckets(TimeRange(start: 1_790_000_000, end: 1_790_007_200), .hour, in: kathmandu))
    XCTAssertEqual(
      hours.starts.map(kathmandu.text(of:)),
      ["2026-09-21T19:58:20+05:45", "2026-09-21T20:00:00+05:45", "2026-09-21T21:00:00+05:45"])
    let lordHowe = try zone("Australia/Lord_Howe")
    let short = try XCTUnwrap(
      Buckets(try range("2026-10-04", "2026-10-05", lordHowe), .hour, in: lordHowe))
    XCTAssertEqual(lengths(short).reduce(0, +), 84_600, "a change of half an hour")
  }

  func testWeeksBeginOnMondayAndMonthsOnTheirFirst() throws {
    let berlin = try zone("Europe/Berlin")
    let year = try range("2026-01-01", "2027-01-01", berlin)
    let weeks = try XCTUnwrap(Buckets(year, .week, in: berlin))
    XCTAssertEqual(weeks.starts.count, 53)
    XCTAssertEqual(berlin.text(of: weeks.starts[1]), "2026-01-05T00:00:00+01:00")
    let months = try XCTUnwrap(Buckets(year, .month, in: berlin))
    XCTAssertEqual(months.starts.count, 12)
    XCTAssertEqual(berlin.text(of: months.starts[6]), "2026-07-01T00:00:00+02:00")
  }

  func testEveryMomentFallsIntoTheBucketThatContainsIt() throws {
    for name in ["Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia"] {
      let zone = try zone(name)
      let days: [(BucketSize, Int64)] = [
        (.quarterHour, 1), (.hour, 10), (.day, 300), (.week, 2000), (.month, 9000),
      ]
      for (size, count) in days {
        let length = count * 86_400
        // Over all changes of some years; also the day that Apia never had, in 2011.
        for start in stride(from: Int64(1_322_700_000), to: 1_790_000_000, by: 23_000_917) {
          let range = TimeRange(start: start, end: start + length)
          let buckets = try XCTUnwrap(Buckets(range, size, in: zone))
          for second in stride(from: start, to: range.end, by: Int(length / 97)) {
            let piece =
              size == .quarterHour || size == .hour ? second / 900 : Int64(zone.day(at: second))
            let expected = buckets.starts.lastIndex { $0 <= second }
            XCTAssertEqual(buckets.index(ofPiece: piece), expected, "\(name) \(size) \(second)")
          }
        }
      }
    }
  }

  func testThereAreNoMoreBucketsThanTheLimit() throws {
    let day: Int64 = 86_400
    XCTAssertNotNil(Buckets(TimeRange(start: 0, end: 400 * day), .day, in: .utc))
    XCTAssertNil(Buckets(TimeRange(start: 0, end: 400 * day + 1), .day, in: .utc))
  }

  func testTheRangeBeforeIsAsLongInDaysOfTheZone() throws {
    let berlin = try zone("Europe/Berlin")
    XCTAssertEqual(
      try range("2026-03-29", "2026-03-30", berlin).previous(in: berlin),
      try range("2026-03-28", "2026-03-29", berlin), "24 hours before 23")
    XCTAssertEqual(
      try range("2026-03-01", "2026-04-01", berlin).previous(in: berlin),
      try range("2026-01-29", "2026-03-01", berlin))
    let running = try range("2026-03-24", "2026-03-30T12:00:00+02:00", berlin)
    XCTAssertEqual(
      running.previous(in: berlin),
      try range("2026-03-17", "2026-03-23T12:00:00+01:00", berlin), "to the same time of a day")
    let long = try range("2026-10-19", "2026-10-25T23:30:00+01:00", berlin)
    XCTAssertEqual(long.previous(in: berlin).end, long.start, "a day of 25 hours")
    XCTAssertEqual(
      TimeRange(start: 1000, end: 1600).previous(in: .utc), TimeRange(start: 400, end: 1000))
  }

  func testAnIntervalHasWholeDaysOfTheZone() throws {
    let berlin = try zone("Europe/Berlin")
    let end = try XCTUnwrap(TimeEdge("2026-08-17T01:30:00+02:00")).second(in: berlin)
    let starts: [(Interval, String)] = [
      (.day, "2026-08-16T01:30:00+02:00"), (.week, "2026-08-11T00:00:00+02:00"),
      (.month, "2026-07-19T00:00:00+02:00"), (.year, "2025-08-18T00:00:00+02:00"),
      (.monthToDate, "2026-08-01T00:00:00+02:00"), (.quarterToDate, "2026-07-01T00:00:00+02:00"),
      (.yearToDate, "2026-01-01T00:00:00+01:00"),
    ]
    for (interval, text) in starts {
      XCTAssertEqual(interval.start(endingAt: end, in: berlin).map(berlin.text(of:)), text)
    }
    XCTAssertNil(Interval.all.start(endingAt: end, in: berlin))
  }
}
