import Foundation
import TestSupport
import XCTest

/// The preview of a link, as anybody can have it.
final class PreviewSiteTests: XCTestCase {
  private let url = "https://example.com/preview?a=1&b='<2>'"
  /// As it is stored.
  private let stored = "https://example.com/preview?a=1&b='%3C2%3E'"

  func testAPersonSeesWhereALinkLeadsAndAProgramIsToldAndNothingIsCounted() throws {
    let site = try Site()
    let code = try site.shorten(url)
    let fast = try FastSite()
    for http in [site.http, fast.http] {
      for path in ["/\(code)+", "/\(code)%2B", "/\(code)%2b", "/\(code)+?x=1"] {
        let seen = try http.get(path, VisitorPage.browser)
        XCTAssertEqual(seen.status, 200, path)
        XCTAssertEqual(seen["content-type"], "text/html; charset=utf-8")
        XCTAssertTrue(seen.text.contains("https://example.com/preview?a=1&amp;b=&#39;%3C2%3E&#39;"))
        XCTAssertTrue(
          seen["content-security-policy"]?.hasPrefix("default-src 'none'; style") == true)
        XCTAssertEqual(seen.all("referrer-policy"), ["no-referrer"])
        let told = try http.get(path)
        XCTAssertEqual(told["content-type"], "application/json")
        XCTAssertEqual(try told.json["longUrl"].text, stored)
        XCTAssertEqual(try told.json["shortUrl"].text, "\(site.baseURL)/\(code)")
        let head = try http.request("HEAD", path, VisitorPage.browser)
        XCTAssertEqual(head["content-length"], seen["content-length"])
        XCTAssertTrue(head.body.isEmpty)
        for answer in [seen, told, head] {
          XCTAssertTrue(answer.all("vary").contains("Accept"))
          XCTAssertEqual(answer.all("cache-control"), ["no-store"])
          XCTAssertEqual(answer.all("x-robots-tag"), ["noindex"])
          XCTAssertNil(answer["location"])
        }
      }
    }
    assertProblem(try site.http.request("POST", "/\(code)+"), 405)
    // What follows the mark is text behind a link, as ever.
    for text in ["+.", "&x=1+", "%22+"] {
      XCTAssertEqual(try site.http.get("/\(code)\(text)").status, 301, text)
    }
    _ = try site.stats(code, clicks: 3)
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: 3)["total_clicks"].number, 3)
  }

  func testALinkWithoutAPreviewIsAnsweredAsAnUnknownOne() throws {
    let keyed = try KeyedSite()
    let http = keyed.site.http
    func make(_ members: String) throws -> String {
      let made = try keyed.request(
        "POST", "/short-urls", #"{"longUrl":"https://example.com/none"\#(members)}"#)
      XCTAssertEqual(made.status, 200, made.text)
      return try made.json["shortCode"].text
    }
    let shown = try make("")
    XCTAssertEqual(try http.get("/\(shown)+").status, 200)
    XCTAssertEqual(
      try keyed.request("PATCH", "/short-urls/\(shown)", #"{"preview":false}"#).json["preview"]
        .isTrue,
      false)
    let disabled = try make("")
    XCTAssertEqual(
      try keyed.request("PATCH", "/short-urls/\(disabled)", #"{"enabled":false}"#).status, 200)
    for code in [
      shown, disabled, try make(#","preview":false"#), try make(#","maxVisits":3"#),
      try make(#","validSince":"2099-01-01T00:00:00Z""#),
      try make(#","validUntil":"2001-01-01T00:00:00Z""#), "none", "<b>", "a'\"", "x+", "", "a/b",
    ] {
      try VisitorPage.assert(
        try http.get("/\(code)+", VisitorPage.browser), "unknown", 404, code)
      let told = try http.get("/\(code)+")
      assertProblem(told, 404, code)
      XCTAssertFalse(told.text.contains("example.com"))
    }
    XCTAssertEqual(
      try keyed.request("PATCH", "/short-urls/\(shown)", #"{"preview":true}"#).status, 200)
    XCTAssertEqual(try http.get("/\(shown)+").status, 200)
    let slug = try keyed.request(
      "POST", "/short-urls", #"{"longUrl":"https://example.com/","customSlug":"plus+"}"#)
    XCTAssertEqual(slug.status, 400)
    XCTAssertEqual(try slug.json["invalidElements"].elements.map { try $0.text }, ["customSlug"])
  }

  func testAnInstallationMayHaveNoPreviewsAndOneWithoutItsStoreSaysSo() throws {
    let site = try Site()
    let code = try site.shorten(url)
    for (variables, page, status) in [
      (
        [
          "PREVIEW": "0", "PG_DSN": try TestStack.value("PG_DSN"),
          "REDIS_URL": try TestStack.value("REDIS_URL"),
        ], "unknown", 404
      ),
      ([:], "unavailable", 503),
    ] {
      let pool = try WorkerPool("api", variables)
      let worker = try pool.start()
      let sockets = try ScratchDirectory("sockets")
      XCTAssertEqual(symlink(pool.socket, sockets("shortener-api.sock")), 0)
      let own = try LimitedSite([
        "SWIFTLET_RUN": sockets.path, "LIMIT_REST": "0", "LIMIT_UNKNOWN": "0",
      ])
      try VisitorPage.assert(
        try own.http.get("/\(code)+", VisitorPage.browser), page, status, page)
      assertProblem(try own.http.get("/\(code)+"), status)
      withExtendedLifetime(worker) {}
    }
  }

  func testAClientThatAsksForManyIsRefused() throws {
    let site = try LimitedSite(["LIMIT_REST": "1"])
    let code = try Site().shorten(url)
    var statuses: [Int] = []
    while statuses.last != 429, statuses.count < 400 {
      statuses.append(try site.http.request("HEAD", "/\(code)+").status)
    }
    XCTAssertEqual(statuses.last, 429)
    XCTAssertEqual(Set(statuses.dropLast()), [200])
    try VisitorPage.assert(
      try site.http.get("/\(code)+", VisitorPage.browser), "busy", 429, "busy")
  }
}
