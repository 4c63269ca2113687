import Foundation
import TestSupport
import XCTest

/// The upgrade of a stack that has data of the release before slugs: nothing of it is lost.
final class UpgradeSiteTests: XCTestCase {
  private static let programs = [
    "shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics", "relay",
    "consumer",
  ]
  private var stack: FastStack?

  override func setUp() {
    // Else each of many links would be waited for.
    continueAfterFailure = false
  }

  override func tearDownWithError() throws {
    try stack?.stop()
  }

  func testEveryOldLinkRedirectsAndEachOldClickIsCountedOnce() throws {
    let stack = try FastStack()
    self.stack = stack
    for program in Self.programs.reversed() { try stack.control("stop", program + ":*") }
    let old = OldRelease(on: stack)
    let links = old.links
    try old.makeSchema()
    try old.storeLinks()
    try old.cache(links.prefix(6), missing: "noLink")
    try leaveClicks(old)

    try old.migrate()
    for program in Self.programs { try stack.control("start", program + ":*") }
    let site = stack.site
    XCTAssertTrue(try eventually(seconds: 60) { try site.http.get("/health").status == 200 })

    for link in links {
      let answer = try site.http.get("/" + link.code)
      XCTAssertEqual(answer.status, 301, link.code)
      XCTAssertEqual(answer["location"], link.url)
      XCTAssertEqual(try site.http.get("/\(link.code)).")["location"], link.url)
    }
    assertProblem(try site.http.get("/noLink"), 404)
    // What Redis learns anew is a plain URL where the code tells the id, as before.
    let (named, byHand) = (links[11], links[12])
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try stack.redis("GET", "short_url:" + named.code) == named.url
          && stack.redis("GET", "short_url:" + byHand.code) == "=\(byHand.id) \(byHand.url)"
      })

    try site.waitForClicksUnderWay()
    for link in links {
      // Stored, in a journal, with the broker, in a journal and with the broker, retried; and ours.
      let stats = try site.stats(link.code, clicks: 7)
      XCTAssertEqual(try stats["total_clicks"].number, 7, link.code)
      XCTAssertEqual(try stats["unique_visitors"].number, 6, link.code)
      let oldest = try XCTUnwrap(stats["clicks_by_day"].elements.last)
      XCTAssertEqual(try oldest["date"].text, "2026-03-02", link.code)
      XCTAssertEqual(try oldest["clicks"].number, 5, link.code)
    }
    XCTAssertEqual(
      try stack.query("SELECT count() = uniqExact(event_id), count() > 90 FROM clicks"), "1\t1\n")
    let dead = #"swiftlet_queue_messages{queue="click_events.dead"} 0"#
    XCTAssertTrue(try site.http.get("/metrics").text.contains(dead))
  }

  /// Five clicks of each link, in every place where an upgrade may find one, some in two.
  private func leaveClicks(_ old: OldRelease) throws {
    let links = old.links
    func lines(_ start: Int, isRetried: Bool = false) -> [String] {
      links.enumerated().map { index, link in
        old.line(link, start + index, isRetried: isRetried)
      }
    }
    // Stored, and delivered again.
    let stored = lines(100)
    var end = 0
    let ends = stored.map { line in
      end += line.utf8.count
      return end
    }
    try old.store(
      zip(links, ends).enumerated().map { ($1.0, 100 + $0, $1.1) }, of: "00000000000000a1")
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
