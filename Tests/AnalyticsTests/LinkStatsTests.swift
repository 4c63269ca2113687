import API
import Analytics
import JSON
import Links
import Visits
import XCTest

final class LinkStatsTests: XCTestCase {
  private func json(_ stats: LinkStats) -> String {
    var writer = JSONWriter()
    stats.write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  func testALinkWithoutClicksHasZerosAndNoTime() throws {
    let stats = LinkStats(slug: try XCTUnwrap(Slug("abc")))
    XCTAssertTrue(stats.isEmpty)
    XCTAssertEqual(
      json(stats),
      "{\"short_code\":\"abc\",\"total_clicks\":0,\"human_clicks\":0,"
        + "\"unique_visitors\":0,\"unique_visitors_error\":0,\"last_clicked\":null,"
        + "\"clicks_by_day\":[],\"direct_clicks\":0,\"top_referrers\":[]}")
  }

  func testTheAnswerHasTheContractedMembers() throws {
    let stats = LinkStats(
      slug: try XCTUnwrap(Slug("abc")), totalClicks: 3, humanClicks: 2, directClicks: 1,
      uniqueVisitors: 2, lastClicked: 1_763_841_000,
      days: [.init(date: "2025-11-22", clicks: 2), .init(date: "2025-11-20", clicks: 1)],
      topReferrers: [.init(referrer: "a.example", clicks: 3)])
    XCTAssertEqual(
      json(stats),
      "{\"short_code\":\"abc\",\"total_clicks\":3,\"human_clicks\":2,"
        + "\"unique_visitors\":2,\"unique_visitors_error\":0,"
        + "\"last_clicked\":\"2025-11-22T19:50:00Z\",\"clicks_by_day\":["
        + "{\"date\":\"2025-11-22\",\"clicks\":2},{\"date\":\"2025-11-20\",\"clicks\":1}],"
        + "\"direct_clicks\":1,\"top_referrers\":[{\"referrer\":\"a.example\",\"clicks\":3}]}")
  }

  func testVisitorsComeWithHowFarTheyMayBeOff() throws {
    for (visitors, error) in [
      (2048, 0), (2049, 4), (64_000, 4), (64_001, 1280), (1_000_000, 20_000),
    ] {
      let stats = LinkStats(
        slug: try XCTUnwrap(Slug("abc")), totalClicks: visitors, uniqueVisitors: visitors)
      XCTAssertTrue(
        json(stats).contains(
          "\"unique_visitors\":\(visitors),\"unique_visitors_error\":\(error),"))
    }
  }
}
