import Foundation
import TestSupport
import XCTest

/// The upgrade of a stack that has data of an earlier release: nothing of it is lost.
///
/// Clicks that were stored by code count right before, while and after they are carried over.
final class UpgradeSiteTests: XCTestCase {
  private static let pools = [
    "shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics",
  ]
  private static let movers = ["relay", "consumer", "invalidator", "dispatcher"]
  private var stack: FastStack?

  override func setUp() {
    // Else each of many links would be waited for.
    continueAfterFailure = false
  }

  override func tearDownWithError() throws {
    try stack?.stop()
  }

  func testFromTheReleaseBeforeSlugsEveryLinkRedirectsAndEachClickIsCountedOnce() throws {
    try upgrade(from: .beforeSlugs)
  }

  func testFromTheReleaseBeforeVisitsEveryLinkRedirectsAndEachClickIsCountedOnce() throws {
    try upgrade(from: .beforeVisits)
  }

  private func upgrade(from release: OldRelease.Name) throws {
    let stack = try FastStack()
    self.stack = stack
    for program in (Self.pools + Self.movers + ["carry"]).reversed() {
      // The carry has come to its end already, where there was nothing to carry.
      _ = try? stack.control("stop", program + ":*")
    }
    let old = try OldRelease(release, on: stack)
    try old.makeSchema()
    try old.storeLinks()
    // What that release has told Redis of a link named by hand: nothing yet, or its id.
    let byHand = old.links.suffix(release == .beforeSlugs ? 0 : 1)
    try old.cache(old.links.prefix(6) + byHand, missing: "noLink")
    try leaveClicks(old)

    try old.migrate()
    for program in Self.pools { try stack.control("start", program + ":*") }
    let site = stack.site
    XCTAssertTrue(try eventually(seconds: 60) { try site.http.get("/health").status == 200 })
    // Before any consumer has come: what was stored, whichever counts lack the last batch.
    for link in old.links {
      var answer = try site.http.get("/stats/\(link.code)")
      _ = try eventually(seconds: 60) {
        answer = try site.http.get("/stats/\(link.code)")
        return answer.status == 200
      }
      XCTAssertEqual(try answer.json["total_clicks"].number, 1, link.code)
    }
    for program in Self.movers { try stack.control("start", program + ":*") }
    try assertRedirects(old)
    try site.waitForClicksUnderWay()
    try assertStatistics(old)
    try carry(old)
    try assertStatistics(old)
    XCTAssertEqual(
      try stack.query("SELECT count() = uniqExact(event_id), count() > 90 FROM visits"), "1\t1\n")
    try assertScopes(old)
    let dead = #"swiftlet_queue_messages{queue="click_events.dead"} 0"#
    XCTAssertTrue(try site.http.get("/metrics").text.contains(dead))
  }

  /// Only people are counted as visitors.
  private static let person = ("User-Agent", "Mozilla/5.0")

  private func assertRedirects(_ old: OldRelease) throws {
    let (site, stack) = (old.stack.site, old.stack)
    for link in old.links {
      let answer = try site.http.get("/" + link.code, [Self.person])
      XCTAssertEqual(answer.status, 301, link.code)
      XCTAssertEqual(answer["location"], link.url)
      XCTAssertEqual(
        try site.http.get("/\(link.code)).", [Self.person])["location"], link.url)
    }
    assertProblem(try site.http.get("/noLink"), 404)
    // What Redis learns anew is a plain URL where the code tells the id, as before.
    let (named, byHand) = (old.links[11], old.links[12])
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try stack.redis("GET", "short_url:" + named.code) == named.url
          && stack.redis("GET", "short_url:" + byHand.code) == "=\(byHand.id) \(byHand.url)"
      })
  }

  /// Stored, in a journal, with the broker, in a journal and with the broker, retried; and ours.
  private func assertStatistics(_ old: OldRelease) throws {
    for link in old.links {
      let stats = try old.stack.site.stats(link.code, clicks: 7)
      XCTAssertEqual(try stats["total_clicks"].number, 7, link.code)
      XCTAssertEqual(try stats["unique_visitors"].number, 6, link.code)
      let oldest = try XCTUnwrap(stats["clicks_by_day"].elements.last)
      XCTAssertEqual(try oldest["date"].text, "2026-03-02", link.code)
      XCTAssertEqual(try oldest["clicks"].number, 5, link.code)
      let referrers = try stats["top_referrers"].elements
      XCTAssertEqual(try referrers.map { try $0["clicks"].number }, [5], link.code)
    }
  }

  /// Carries the old clicks over, while somebody keeps asking for statistics.
  private func carry(_ old: OldRelease) throws {
    let (stack, site) = (old.stack, old.stack.site)
    let tables = """
      SELECT count() FROM system.tables WHERE database = currentDatabase() AND name IN \
      ('clicks_before', 'clicks_by_link', 'clicks_by_day', 'clicks_by_referrer')
      """
    XCTAssertEqual(try stack.query(tables), "4\n")
    try stack.control("start", "carry")
    var answers = 0
    XCTAssertTrue(
      try eventually(seconds: 120) {
        for link in old.links {
          let answer = try site.http.get("/stats/\(link.code)")
          XCTAssertEqual(answer.status, 200, answer.text)
          XCTAssertEqual(try answer.json["total_clicks"].number, 7, link.code)
          answers += 1
        }
        return try stack.query(tables) == "0\n"
      })
    XCTAssertGreaterThan(answers, 0)
    XCTAssertEqual(try stack.query("SELECT count() > 0 FROM seam WHERE step = 'complete'"), "1\n")
  }

  /// Each click counts for its link's id; those that tell none, of a link named by hand, for its name.
  private func assertScopes(_ old: OldRelease) throws {
    let byHand = old.links[12]
    for link in old.links.dropLast() {
      XCTAssertEqual(
        try old.stack.query("SELECT DISTINCT link FROM visits WHERE code = '\(link.code)'"),
        "\(link.id)\n")
    }
    // Of the release before slugs, the one that was stored and our two have its id.
    let stored = try old.stack.query(
      "SELECT countIf(link = \(byHand.id)), count() FROM visits WHERE code = '\(byHand.code)'")
    XCTAssertEqual(stored, old.name == .beforeSlugs ? "3\t7\n" : "7\t7\n")
  }

  /// Five clicks of each link, in every place where an upgrade may find one, some in two.
  private func leaveClicks(_ old: OldRelease) throws {
    let links = old.links
    func lines(_ start: Int, isRetried: Bool = false) -> [String] {
      links.enumerated().map { index, link in
        old.line(link, start + index, isRetried: isRetried)
      }
    }
    // Stored, though not by every count, and delivered again.
    let stored = lines(100)
    var end = 0
    let ends = stored.map { line in
      end += line.utf8.count
      return end
    }
    try old.store(
      zip(links, ends).enumerated().map { ($1.0, 100 + $0, $1.1) }, of: "00000000000000a1",
      counts: [.links, .referrers])
    try old.leaveMessage("00000000000000a1", stored)
    // In a journal only; with the broker only.
    try old.leaveJournal("00000000000000b2", lines(200))
    try old.leaveMessage("00000000000000c3", lines(300))
    // With the broker, while the journal is there and nobody knows that it was confirmed.
    try old.leaveJournal("00000000000000d4", lines(400))
    try old.leaveMessage("00000000000000d4", lines(400))
    // Written by a retry worker: twice, and once more of a click that is stored.
    try old.leaveJournal(
      "00000000000000e5",
      lines(500, isRetried: true) + lines(500, isRetried: true) + lines(100, isRetried: true))
  }
}
