import TestSupport
import XCTest

/// Charts by the days of a zone, drawn over a change of the clock.
final class ChartZoneTests: NumbersTestCase {
  func testADayOf25HoursHasAllOfThem() throws {
    let (code, id) = try makeLink()
    // Half past one on 1 November, twice: in summer time and an hour later.
    try StoredClicks.store(of: id, at: [1_793_511_000, 1_793_514_600, 1_793_514_601])
    try signIn("links/\(code)?from=2026-11-01&to=2026-11-01&tz=America/New_York&compare=0")
    try waitFor(figure: "Clicks", "3")
    XCTAssertEqual(try parts(), "25")
    try focusChart()
    try browser.press("Home", "ArrowRight")
    XCTAssertEqual(try reading(), "Sun, 1 Nov 2026, 01:00 GMT-4: People 1")
    try browser.press("ArrowRight")
    XCTAssertEqual(try reading(), "Sun, 1 Nov 2026, 01:00 GMT-5: People 2")
    try browser.inspect("link-25-hours")
    try browser.open("/dashboard/links/\(code)?from=2026-03-08&to=2026-03-08&tz=America/New_York")
    XCTAssertEqual(try parts(), "23")
  }

  func testAClickBelongsToTheDayOfTheZone() throws {
    let (code, id) = try makeLink()
    // 18:20 UTC on 1 June is five past midnight in Kathmandu.
    try StoredClicks.store(of: id, at: [1_780_338_000])
    for (zone, day) in [
      ("UTC", "Mon, 1 Jun 2026"), ("Asia/Kathmandu", "Tue, 2 Jun 2026"),
      ("America/New_York", "Mon, 1 Jun 2026"),
    ] {
      try signedIn("links/\(code)?from=2026-06-01&to=2026-06-03&tz=\(zone)&by=day&compare=0")
      try waitFor(figure: "Clicks", "1")
      XCTAssertEqual(try parts(), "3")
      try assert(chart(), has: "Most: 1, \(day).")
    }
  }

  func testTheZoneIsChosenInThePage() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)?tz=UTC")
    try browser.click("UTC")
    try browser.choose("Asia/Tokyo", of: "Days of the time zone")
    try browser.wait("location.search.includes('tz=Asia%2FTokyo')")
    try browser.press("Escape")
    try browser.waitFor("Asia/Tokyo")
  }

  private var hasSession = false

  private func signedIn(_ path: String) throws {
    if hasSession { try browser.open("/dashboard/" + path) } else { try signIn(path) }
    hasSession = true
  }
}
