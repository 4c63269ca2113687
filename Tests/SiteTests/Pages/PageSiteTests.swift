import Foundation
import TestSupport
import XCTest

/// What visitors see where no link leads on: a page for people, a problem for programs.
final class PageSiteTests: XCTestCase {
  private func slug() -> String { "p-" + UUID().uuidString.lowercased() }

  /// Makes a link of a slug with these other members of JSON.
  private func make(_ keyed: KeyedSite, _ members: String) throws -> String {
    let slug = slug()
    let made = try keyed.request(
      "POST", "/short-urls",
      #"{"longUrl":"https://example.com/page","customSlug":"\#(slug)",\#(members)}"#)
    XCTAssertEqual(made.status, 200, made.text)
    return "/" + slug
  }

  /// Waits until every worker answers a path with a status.
  private func wait(_ http: HTTPClient, _ path: String, _ status: Int) throws {
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try (0..<15).allSatisfy { _ in try http.get(path).status == status }
      },
      path)
  }

  /// A path of each page that a link has, with its status.
  private func paths(_ keyed: KeyedSite) throws -> [(page: String, path: String, status: Int)] {
    let http = keyed.site.http
    let gone = try make(keyed, #""title":"gone""#)
    XCTAssertEqual(
      try keyed.request("PATCH", "/short-urls" + gone, #"{"enabled":false}"#).status, 200)
    let spent = try make(keyed, #""maxVisits":1"#)
    try wait(http, gone, 410)
    XCTAssertTrue(
      try eventually(seconds: 30) { try http.get(spent, VisitorPage.browser).status == 410 })
    return [
      ("unknown", "/" + slug(), 404), ("unknown", "/a/" + slug(), 404),
      ("unknown", "/\(slug())/qr-code", 404), ("gone", gone, 410),
      ("gone", try make(keyed, #""validUntil":"2001-01-01T00:00:00Z""#), 410),
      ("early", try make(keyed, #""validSince":"2099-01-01T00:00:00Z""#), 404),
      ("spent", spent, 410),
    ]
  }

  func testAPersonSeesThePageOfEachStatusAndAProgramIsToldTheProblem() throws {
    let keyed = try KeyedSite()
    let http = keyed.site.http
    for (page, path, status) in try paths(keyed) {
      let seen = try http.get(path, VisitorPage.browser)
      try VisitorPage.assert(seen, page, status, path)
      let head = try http.request("HEAD", path, VisitorPage.browser)
      try VisitorPage.assert(head, nil, status, path)
      XCTAssertEqual(head["content-length"], seen["content-length"], path)
      XCTAssertTrue(head.body.isEmpty, path)
      let told = try http.get(path)
      assertProblem(told, status, path)
      XCTAssertTrue(told.all("vary").contains("Accept"), path)
      XCTAssertEqual(told.all("cache-control"), ["no-store"], path)
      XCTAssertEqual(told["content-security-policy"], nil, path)
      for answer in [seen, head, told] { XCTAssertNil(answer["x-swiftlet-shown"], path) }
    }
  }

  func testOnlyAnAcceptThatNamesHTMLGetsAPage() throws {
    let http = try Site().http
    let path = "/" + slug()
    for accept in [
      "text/html", "TEXT/HTML", "a/b, text/html;q=0.1", "text/html ; q=0.5, x/y",
      "a/b,text/html;level=1",
      "text/html;q=0.001", "text/html;q=1, application/json",
    ] {
      try VisitorPage.assert(try http.get(path, [("Accept", accept)]), "unknown", 404, accept)
    }
    for accept in [
      "*/*", "text/*", "application/json", "application/xhtml+xml", "text/html2", "x-text/html", "",
      "text/html;q=0", "text/html; q=0.000", "a/b, text/html;q=0, */*", "text", "html",
    ] {
      assertProblem(try http.get(path, [("Accept", accept)]), 404, accept)
    }
    for path in ["/rest/v3/short-urls/\(slug())", "/shorten", "/rest/none"] {
      let answer = try http.get(path, VisitorPage.browser)
      XCTAssertEqual(answer["content-type"], "application/problem+json", path)
    }
    for method in ["POST", "PUT", "DELETE"] {
      assertProblem(try http.request(method, path, VisitorPage.browser), 405, method)
    }
  }

  func testARedirectIsTheSameForPeopleAndSaysNothingOfPages() throws {
    let site = try Site()
    let path = "/" + (try site.shorten("https://example.com/page"))
    let (seen, told) = (try site.http.get(path, VisitorPage.browser), try site.http.get(path))
    for answer in [seen, told] {
      XCTAssertEqual(answer.status, 301)
      XCTAssertNil(answer["vary"])
      XCTAssertNil(answer["content-security-policy"])
    }
    XCTAssertEqual(seen.fields.map(\.name), told.fields.map(\.name))
  }

  /// The page is a file: nothing of the request is in it.
  func testWhatWasAskedForIsNeverPartOfThePage() throws {
    let http = try Site().http
    let fields =
      VisitorPage.browser + [("Referer", "https://x/<script>"), ("X-Swiftlet-Shown", "spent")]
    for path in [
      "/<script>alert(1)</script>", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/\"onload=x", "/x?<b>",
      "/..%2Fx", "/a'b\\c", "/\u{202E}x", "/gone.html", "/early", "/.pages",
    ] {
      let answer = try http.get(path, fields)
      // nginx refuses what leads out of the site.
      guard path != "/..%2Fx" else {
        assertProblem(answer, 400, path)
        continue
      }
      try VisitorPage.assert(answer, "unknown", 404, path)
    }
  }

  // MARK: - The front page

  func testThePageOfTheRootIsForPeopleAndEachVisitIsCounted() throws {
    let keyed = try KeyedSite()
    let http = keyed.site.http
    let mark = UUID().uuidString
    let agent = [("User-Agent", "Mozilla/5.0 Firefox/140.0 \(mark)")]
    for path in ["/", "/?x=1", "//"] {
      let seen = try http.get(path, VisitorPage.browser.prefix(1) + agent)
      try VisitorPage.assert(seen, "front", 200, path)
      XCTAssertNil(seen["etag"], "a browser asks anew each time")
      assertProblem(try http.get(path, agent), 404, path)
    }
    let modified = [("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT")]
    XCTAssertEqual(try http.get("/", VisitorPage.browser + modified).status, 200)
    XCTAssertTrue(try http.request("HEAD", "/", VisitorPage.browser).body.isEmpty)
    try VisitorPage.assert(
      try http.request("POST", "/", VisitorPage.browser), "unknown", 404, "POST")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let list = try keyed.request("GET", "/visits/orphan?type=base_url")
        return try list.json["visits"]["data"].elements.count {
          try $0["userAgent"].text.hasSuffix(mark)
        } == 6
      })
  }

  func testTheIconAndTheStyleAreFilesAndNoVisits() throws {
    let site = try Site()
    let before = try orphans(site)
    let icon = try site.http.get("/favicon.ico")
    XCTAssertEqual(icon.status, 200)
    XCTAssertEqual(icon["content-type"], "image/x-icon")
    XCTAssertEqual(icon.body, try VisitorPage.file("favicon.ico"))
    let style = try site.http.get("/.pages/style.css")
    XCTAssertEqual(style["content-type"], "text/css")
    XCTAssertEqual(style["x-content-type-options"], "nosniff")
    XCTAssertEqual(style.body, try VisitorPage.file("style.css"))
    for path in [
      "/.pages/", "/.pages/none.css", "/.pages/../swiftlet/http.conf", "/.page", "/.front",
    ] {
      XCTAssertTrue([403, 404].contains(try site.http.get(path).status), path)
    }
    let html = try site.http.get("/.pages/gone.html")
    XCTAssertEqual(html["content-type"], "application/octet-stream")
    // `/.page` and what leads out of the directory go to the pool, which counts them. Nothing else does.
    XCTAssertLessThanOrEqual(try orphans(site) - before, 3)
  }

  private func orphans(_ site: Site) throws -> Int {
    try site.http.get("/metrics").text.split(separator: "\n").reduce(0) { sum, line in
      guard line.hasPrefix("swiftlet_orphan_visits_total") else { return sum }
      return sum + (line.split(separator: " ").last.flatMap { Int($0) } ?? 0)
    }
  }
}
