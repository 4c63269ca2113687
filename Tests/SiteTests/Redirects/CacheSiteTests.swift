import Foundation
import TestSupport
import XCTest

final class CacheSiteTests: XCTestCase {
  private func redis(_ arguments: String...) throws -> String {
    let url = try TestStack.value("REDIS_URL")
    let socket = String(url.dropFirst("unix://".count).prefix { $0 != "?" })
    return try Command.output("/usr/bin/redis-cli", ["-s", socket] + arguments)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func testANewLinkIsInTheCacheWithItsTimeToLive() throws {
    let site = try Site()
    var code = ""
    XCTAssertTrue(
      try eventually(seconds: 10) {
        code = try site.shorten("https://example.com/cached")
        return try redis("GET", "short_url:\(code)") == "https://example.com/cached"
      })
    let seconds = try XCTUnwrap(Int(redis("TTL", "short_url:\(code)")))
    XCTAssertTrue((86_000...86_400).contains(seconds), "\(seconds)")
  }

  func testAHitIsServedFromTheCacheAlone() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/stored")
    // Only the cache can know this destination.
    _ = try redis("SET", "short_url:\(code)", "https://example.com/from-the-cache")
    XCTAssertTrue(
      try eventually(seconds: 10) {
        try site.http.get("/\(code)")["location"] == "https://example.com/from-the-cache"
      })
  }

  func testAMissIsAnsweredFromPostgreSQLAndFillsTheCache() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/backfill")
    for _ in 0..<2 {  // An entry that was deleted, and one whose time ran out.
      _ = try redis("DEL", "short_url:\(code)")
      // Redis has milliseconds to answer: on a busy machine a redirect may do without it.
      XCTAssertTrue(
        try eventually(seconds: 10) {
          XCTAssertEqual(
            try site.http.get("/\(code)")["location"], "https://example.com/backfill")
          return try redis("GET", "short_url:\(code)") == "https://example.com/backfill"
        })
      _ = try redis("PEXPIRE", "short_url:\(code)", "1")
      XCTAssertTrue(
        try eventually(seconds: 5) { try redis("EXISTS", "short_url:\(code)") == "0" })
    }
  }

  /// The number of look-up workers is the bound; who waits is not told before, so each may ask once.
  func testManyWhoAskForOneColdLinkReachPostgreSQLOnceALookUpWorker() throws {
    let site = try Site()
    let workers = try Supervisor.pids("shortener-lookup:").count
    let code = try site.shorten("https://example.com/cold-for-many")
    XCTAssertTrue(
      try eventually(seconds: 10) { try redis("EXISTS", "short_url:\(code)") == "1" })
    _ = try redis("DEL", "short_url:\(code)")
    func asked() throws -> Double {
      let scrape = try Scrape(site.http.get("/metrics").text)
      return scrape.samples.filter { $0.key.hasPrefix("swiftlet_link_lookups_total") }
        .filter { $0.key.contains("tier=postgres") }.values.reduce(0, +)
    }
    let before = try asked()
    let outcomes = Outcomes()
    for _ in 0..<40 {
      Thread { outcomes.add((try? site.http.get("/\(code)").status) ?? 0) }.start()
    }
    XCTAssertTrue(eventually(seconds: 60) { outcomes.all.values.reduce(0, +) == 40 })
    XCTAssertEqual(outcomes.all, [301: 40])
    XCTAssertGreaterThanOrEqual(try asked() - before, 1)
    XCTAssertLessThanOrEqual(try asked() - before, Double(workers))
  }

  func testRedirectWorkersHaveNoConnectionToPostgreSQL() throws {
    let site = try Site()
    for turn in 0..<50 { XCTAssertEqual(try site.http.get("/noCode\(turn)").status, 404) }
    let sessions = try Command.output(
      "/usr/bin/psql",
      [
        "-X", "-Atc",
        "SELECT DISTINCT application_name FROM pg_stat_activity "
          + "WHERE application_name LIKE 'swiftlet-shortener%' ORDER BY 1",
        TestStack.value("PG_DSN"),
      ]
    ).split(separator: "\n").map(String.init)
    XCTAssertTrue(sessions.contains("swiftlet-shortener-lookups"), "\(sessions)")
    XCTAssertFalse(sessions.contains("swiftlet-shortener-redirects"), "\(sessions)")
  }

  func testAnUnknownCodeIsRememberedForAShortTime() throws {
    let site = try Site()
    let code = "unknown\(Int.random(in: 1000...9999))"
    XCTAssertTrue(
      try eventually(seconds: 10) {
        assertProblem(try site.http.get("/\(code)"), 404)
        return try redis("EXISTS", "short_url:\(code)") == "1"
      })
    let seconds = try XCTUnwrap(Int(redis("TTL", "short_url:\(code)")))
    XCTAssertTrue((1...30).contains(seconds), "\(seconds)")
  }

  func testAnEntryOfAnotherTypeIsAMiss() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/type")
    _ = try redis("DEL", "short_url:\(code)")
    _ = try redis("LPUSH", "short_url:\(code)", "x")
    XCTAssertEqual(try site.http.get("/\(code)")["location"], "https://example.com/type")
  }
}
