import TestSupport
import XCTest

/// Paths of visits through nginx: the pool that reads ClickHouse answers them.
final class VisitSiteTests: XCTestCase {
  func testVisitsAreAskedOfTheAnalyticsPoolAndAllElseOfTheAPI() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    let paths: [(String, Bool)] = [
      ("/rest/v3/visits", true), ("/rest/v1/visits/orphan?type=base_url", true),
      ("/rest/v2/visits/non-orphan", true), ("/rest/v3/short-urls/abc/visits?page=1", true),
      ("/rest/v3/short-urls/a%2Fb/visits", true), ("/rest/v3/tags/news/visits", true),
      ("/rest/v3/domains/DEFAULT/visits", true), ("/rest/v3/short-urls/visits", false),
      ("/rest/v3/short-urls?searchTerm=/visits", false), ("/rest/v3/short-urls", false),
      ("/rest/v3/visitsx", false), ("/rest/v4/visits", false),
    ]
    for (path, isOfVisits) in paths {
      let answer = try site.http.get(path)
      let log = try site.logLine(of: XCTUnwrap(answer["x-request-id"]))
      XCTAssertEqual(log.contains("/analytics.sock"), isOfVisits, log)
    }
  }

  func testVisitsAreForKeysAlone() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    for path in [
      "/rest/v3/visits", "/rest/v3/visits/orphan", "/rest/v3/visits/non-orphan",
      "/rest/v3/short-urls/abc/visits", "/rest/v3/tags/news/visits",
      "/rest/v3/domains/DEFAULT/visits",
    ] {
      let answer = try site.http.get(path)
      XCTAssertEqual(answer.status, 401, path)
      XCTAssertEqual(
        try answer.json["type"].text, "https://shlink.io/api/error/missing-authentication", path)
    }
    XCTAssertEqual(try site.http.get("/rest/v3/visits/else").status, 404)
  }
}
