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
      ("/rest/v3/analytics?shortCode=a", true), ("/rest/v3/analytics/", false),
      ("/rest/v3/short-urls?searchTerm=/visits", false), ("/rest/v3/short-urls", false),
      ("/rest/v3/visitsx", false), ("/rest/v4/visits", false),
    ]
    for (path, isOfVisits) in paths {
      let answer = try site.http.get(path)
      let log = try site.logLine(of: XCTUnwrap(answer["x-request-id"]))
      XCTAssertEqual(log.contains("/analytics.sock"), isOfVisits, log)
    }
  }

  func testTheVisitsOfALinkAreListedCountedAndDeleted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/visited")
    let answer = try Command.check(
      TestStack.programs.appending(path: "swiftlet").path,
      ["key", "create", "visits-\(code)", "--json"])
    let key = try JSONAnswer(answer)["key"].text
    let path = "/rest/v3/short-urls/\(code)/visits"
    func ask(_ method: String, _ path: String) throws -> JSONAnswer {
      let answer = try site.http.request(method, path, [("X-Api-Key", key)])
      XCTAssertEqual(answer.status, 200, answer.text)
      return try answer.json
    }
    for number in 1...3 {
      let visit = try site.http.get(
        "/\(code)", [("User-Agent", "Visitor \(number)"), ("Referer", "https://from.example/x")])
      XCTAssertEqual(visit.status, 301)
    }
    // A visit is in the counts and in the list at two moments.
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let total = try ask("GET", path + "?itemsPerPage=1")["visits"]["pagination"]["totalItems"]
        return try total.number == 3 && ask("GET", path)["visits"]["data"].elements.count == 3
      })
    let visits = try ask("GET", path + "?itemsPerPage=2")["visits"]
    XCTAssertEqual(try visits["data"].elements.count, 2)
    XCTAssertEqual(try visits["pagination"]["pagesCount"].number, 2)
    let report = try ask(
      "GET",
      "/rest/v3/analytics?shortCode=\(code)&series=true&timezone=Asia/Kathmandu"
        + "&breakdowns=referrer&excludeBots=false")
    XCTAssertEqual(try report["range"]["bucket"].text, "hour")
    let counted = try XCTUnwrap(report["data"].elements.first)
    XCTAssertEqual(try counted["total"]["clicks"].number, 3)
    let hosts = try counted["breakdowns"]["referrer"]["rows"].elements
    XCTAssertEqual(try hosts.first?["key"].text, "from.example")
    XCTAssertEqual(try hosts.first?["clicks"].number, 3)
    let visit = try XCTUnwrap(visits["data"].elements.first)
    XCTAssertEqual(try visit["referer"].text, "https://from.example/x")
    XCTAssertTrue(try visit["visitedUrl"].text.hasSuffix("/" + code))
    XCTAssertEqual(try visit["redirectUrl"].text, "https://example.com/visited")
    XCTAssertEqual(try ask("DELETE", path)["deletedVisits"].number, 3)
    XCTAssertEqual(try ask("GET", path)["visits"]["data"].elements.count, 0)
    XCTAssertEqual(try ask("DELETE", path)["deletedVisits"].number, 0)
  }

  func testVisitsAreForKeysAlone() throws {
    let site = try LimitedSite(["LIMIT_REST": "0"])
    for path in [
      "/rest/v3/visits", "/rest/v3/visits/orphan", "/rest/v3/visits/orphan/paths",
      "/rest/v3/visits/non-orphan",
      "/rest/v3/short-urls/abc/visits", "/rest/v3/tags/news/visits",
      "/rest/v3/domains/DEFAULT/visits", "/rest/v3/analytics",
    ] {
      let answer = try site.http.get(path)
      XCTAssertEqual(answer.status, 401, path)
      XCTAssertEqual(
        try answer.json["type"].text, "https://shlink.io/api/error/missing-authentication", path)
    }
    XCTAssertEqual(try site.http.get("/rest/v3/visits/else").status, 404)
  }
}
