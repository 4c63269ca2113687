import Foundation
import TestSupport
import XCTest

/// The pages of a site that can't answer, of the fast path, and of an operator.
final class PageFaultSiteTests: XCTestCase {
  /// Asserts that a person sees a page and a program is told the problem, with the same `Retry-After`.
  private func assertBoth(
    _ page: String, _ status: Int, retryAfter: String,
    _ get: ([(String, String)]) throws -> HTTPClient.Answer,
    line: UInt = #line
  ) throws {
    let seen = try get(VisitorPage.browser)
    try VisitorPage.assert(seen, page, status, page, line: line)
    let told = try get([])
    assertProblem(told, status, page, line: line)
    XCTAssertEqual(told.all("cache-control"), ["no-store"], line: line)
    XCTAssertTrue(told.all("vary").contains("Accept"), line: line)
    for answer in [seen, told] {
      XCTAssertEqual(answer.all("retry-after"), [retryAfter], line: line)
    }
  }

  /// A site before pools that a test has, or hasn't, put into a directory.
  private func site(_ sockets: ScratchDirectory) throws -> LimitedSite {
    try LimitedSite(["SWIFTLET_RUN": sockets.path, "LIMIT_CONNECTIONS": "0", "LIMIT_UNKNOWN": "0"])
  }

  func testASiteWithoutPoolsSaysThatItCannotAnswer() throws {
    let sockets = try ScratchDirectory("sockets")
    let site = try site(sockets)
    for path in ["/code", "/", "/code/qr-code"] {
      try assertBoth("unavailable", 502, retryAfter: "1") { try site.http.get(path, $0) }
    }
    for path in ["/rest/v3/tags", "/health"] {
      assertProblem(try site.http.get(path, VisitorPage.browser), 502, path)
    }
  }

  func testAPoolThatCannotTellKeepsItsOwnWaitingTime() throws {
    let sockets = try ScratchDirectory("sockets")
    let pool = try WorkerPool()
    let worker = try pool.start()
    XCTAssertEqual(symlink(pool.socket, sockets("shortener.sock")), 0)
    let site = try site(sockets)
    let wait = try XCTUnwrap(try site.http.get("/code")["retry-after"])
    try assertBoth("unavailable", 503, retryAfter: wait) { try site.http.get("/code", $0) }
    withExtendedLifetime(worker) {}
  }

  func testAPoolThatIsSilentIsNotWaitedForLong() throws {
    let sockets = try ScratchDirectory("sockets")
    let silent = try SilentServer(name: "shortener.sock")
    XCTAssertEqual(symlink(silent.directory + "/shortener.sock", sockets("shortener.sock")), 0)
    XCTAssertEqual(
      symlink(silent.directory + "/shortener.sock", sockets("shortener-spare.sock")), 0)
    let site = try site(sockets)
    try assertBoth("unavailable", 504, retryAfter: "1") { try site.http.get("/code", $0) }
  }

  func testAClientThatAsksForTooMuchSeesAPageToo() throws {
    for fast in ["0", "1"] {
      let code = try Site().shorten("https://example.com/busy")
      let limited = try LimitedSite([
        "LIMIT_CONNECTIONS": "1", "FAST_PATH": fast,
        "REDIS_URL": try TestStack.value("REDIS_URL"), "STATE_DIR": "/nonexistent/state",
        "JOURNAL_DIR": "/nonexistent/journal",
      ])
      // Half a body holds the only place.
      let holder = try Socket(port: limited.http.port)
      try holder.send(Array("POST /\(code) HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1".utf8))
      XCTAssertTrue(try eventually(seconds: 10) { try limited.http.get("/\(code)").status == 429 })
      try assertBoth("busy", 429, retryAfter: "1") { try limited.http.get("/\(code)", $0) }
      withExtendedLifetime(holder) {}
    }
  }

  func testTheFastPathLeavesPagesToThePools() throws {
    let site = try FastSite()
    try site.plant("pageknown", "https://example.com/known")
    XCTAssertEqual(try site.http.get("/pageknown", VisitorPage.browser).status, 301)
    for (page, path, status) in [("unknown", "/pagenone", 404), ("front", "/", 200)] {
      try VisitorPage.assert(try site.http.get(path, VisitorPage.browser), page, status, path)
      assertProblem(try site.http.get(path), 404, path)
    }
    try site.plant("pagegone", "!")
    let code = try Site().shorten("https://example.com/page")
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try Command.run(swiftlet, ["link", "disable", code]).status == 0
      })
    XCTAssertTrue(try eventually(seconds: 30) { try site.http.get("/" + code).status == 410 })
    try VisitorPage.assert(try site.http.get("/" + code, VisitorPage.browser), "gone", 410, code)
  }

  // MARK: - The operator's own

  func testAnOperatorsDirectoryReplacesThePagesAndWhatItLacksIsAProblem() throws {
    let own = try ScratchDirectory("pages")
    chmod(own.path, 0o755)
    let words = "<!doctype html><title>Ours</title><p>Nothing here."
    try words.write(toFile: own("unknown.html"), atomically: true, encoding: .utf8)
    try "p{}".write(toFile: own("style.css"), atomically: true, encoding: .utf8)
    for (place, isThere) in [(own.path, true), (own("none"), false)] {
      let site = try LimitedSite(["SITE_PAGES": place, "LIMIT_CONNECTIONS": "0"])
      let answer = try site.http.get("/none", VisitorPage.browser)
      if isThere {
        XCTAssertEqual(answer.text, words)
        try VisitorPage.assert(answer, nil, 404, place)
        XCTAssertEqual(try site.http.get("/.pages/style.css").text, "p{}")
      } else {
        assertProblem(answer, 404, place)
        XCTAssertTrue(answer.text.contains("No link has this short code."), answer.text)
        XCTAssertEqual(try site.http.get("/.pages/etc/passwd").status, 404)
      }
      let front = try site.http.get("/", VisitorPage.browser)
      assertProblem(front, 404, place)
      XCTAssertTrue(front.all("vary").contains("Accept"))
      assertProblem(try site.http.get("/favicon.ico", VisitorPage.browser), 404, place)
    }
  }

  /// Such a site has none of the maps, and tells visitors the problem.
  func testTheSiteFileOfTheReleaseBeforeServesProblems() throws {
    let site = try LimitedSite(["LIMIT_CONNECTIONS": "0"]) { site in
      site.replacing(/map "" \$swiftlet_(pages|security) \{[^}]*\}/, with: "")
    }
    for path in ["/none", "/", "/none+", "/favicon.ico", "/.well-known/security.txt"] {
      assertProblem(try site.http.get(path, VisitorPage.browser), 404, path)
    }
    let code = try Site().shorten("https://example.com/before")
    XCTAssertEqual(try site.http.get("/" + code).status, 301)
  }

  func testWhomToTellOfAWeaknessIsAsTheOperatorSays() throws {
    let path = "/.well-known/security.txt"
    let site = try LimitedSite([
      "SECURITY_CONTACT": "mailto:a+b@example.com, https://example.com/report?x=%20",
      "SECURITY_EXPIRES": "2027-06-30T00:00:00Z", "LIMIT_CONNECTIONS": "0",
    ])
    for method in ["GET", "HEAD"] {
      let answer = try site.http.request(method, path, VisitorPage.browser)
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer["content-type"], "text/plain; charset=utf-8")
      XCTAssertEqual(
        answer.text,
        method == "HEAD"
          ? ""
          : """
          Contact: mailto:a+b@example.com
          Contact: https://example.com/report?x=%20
          Expires: 2027-06-30T00:00:00Z

          """)
    }
    assertProblem(try Site().http.get(path), 404)
  }
}
