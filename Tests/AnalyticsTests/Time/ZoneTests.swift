import Foundation
import XCTest

@testable import Analytics

/// Time zones against Foundation's, which read the same database by themselves.
final class ZoneTests: XCTestCase {
  private static let names = [
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Kolkata",
    "Asia/Beirut", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia",
    "Pacific/Chatham", "America/St_Johns", "Etc/GMT+12", "UTC",
  ]
  /// 2011-12-30 in Apia.
  private static let missingDay = 15_338
  private let start = 946_684_800  // 2000-01-01

  func testOffsetsAreThoseOfFoundation() throws {
    for name in Self.names {
      let zone = try XCTUnwrap(Zone(named: name), name)
      let other = try XCTUnwrap(TimeZone(identifier: name), name)
      for step in 0..<6000 {
        // Every 50 hours and some to 2035.
        let second = start + step * 180_907
        let date = Date(timeIntervalSince1970: Double(second))
        XCTAssertEqual(
          zone.offset(at: Int64(second)), Int64(other.secondsFromGMT(for: date)), "\(name) \(date)")
      }
    }
  }

  func testDaysBeginWhenFoundationSays() throws {
    for name in Self.names {
      let zone = try XCTUnwrap(Zone(named: name), name)
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = try XCTUnwrap(TimeZone(identifier: name))
      // 2010 to 2034.
      for day in 14_610..<23_700 where (name, day) != ("Pacific/Apia", Self.missingDay) {
        let begin = zone.start(ofDay: day)
        XCTAssertEqual(zone.day(at: begin), day, "\(name) \(day)")
        XCTAssertLessThan(zone.day(at: begin - 1), day, "\(name) \(day)")
        let date = Date(timeIntervalSince1970: Double(begin))
        XCTAssertEqual(calendar.startOfDay(for: date), date, "\(name) \(day)")
      }
    }
    let apia = try XCTUnwrap(Zone(named: "Pacific/Apia"))
    XCTAssertEqual(
      apia.start(ofDay: Self.missingDay), apia.start(ofDay: Self.missingDay + 1),
      "a day that never was")
  }

  func testARuleGoesOnWhereTheListOfChangesEnds() throws {
    // 2040-07-01 and 2040-12-01, behind what the database lists.
    for (name, summer, winter) in [
      ("Europe/Berlin", 7200, 3600), ("America/St_Johns", -9000, -12_600),
      ("Australia/Lord_Howe", 37_800, 39_600),
    ] {
      let zone = try XCTUnwrap(Zone(named: name), name)
      XCTAssertEqual(zone.offset(at: 2_224_800_000), Int64(summer), name)
      XCTAssertEqual(zone.offset(at: 2_238_019_200), Int64(winter), name)
    }
    // 2041-03-31T01:00:00Z
    let berlin = try XCTUnwrap(Zone(named: "Europe/Berlin"))
    XCTAssertEqual(berlin.text(of: 2_248_304_399), "2041-03-31T01:59:59+01:00")
    XCTAssertEqual(berlin.text(of: 2_248_304_400), "2041-03-31T03:00:00+02:00")
  }

  func testWhatIsNoZoneIsRefused() {
    for name in [
      "", ".", "..", "../zoneinfo/UTC", "/UTC", "Europe", "Europe/", "Europe//Berlin",
      "europe/berlin", "Nowhere/City", "right/UTC", "posix/UTC", "tzdata.zi", "zone1970.tab",
      "leapseconds", "Europe/Berlin\0", String(repeating: "a", count: 65),
    ] {
      XCTAssertNil(Zone(named: name), name)
    }
  }

  func testAFileThatIsCutIsNone() throws {
    let file = [UInt8](
      try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin")))
    XCTAssertEqual(Zone(name: "Europe/Berlin", file: file), Zone(named: "Europe/Berlin"))
    for length in stride(from: 0, to: 1900, by: 7) {
      XCTAssertNil(Zone(name: "x", file: Array(file.prefix(length))), "\(length)")
    }
  }

  func testAMomentIsWrittenWithItsOffset() throws {
    let kathmandu = try XCTUnwrap(Zone(named: "Asia/Kathmandu"))
    XCTAssertEqual(kathmandu.text(of: 1_790_000_000), "2026-09-21T19:58:20+05:45")
    let newYork = try XCTUnwrap(Zone(named: "America/New_York"))
    XCTAssertEqual(newYork.text(of: 1_790_000_000), "2026-09-21T10:13:20-04:00")
    XCTAssertEqual(Zone.utc.text(of: 0), "1970-01-01T00:00:00+00:00")
  }
}
