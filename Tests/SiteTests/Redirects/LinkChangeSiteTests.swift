import Foundation
import TestSupport
import XCTest

/// What visitors see of a change that an operator makes, whichever worker they meet.
final class LinkChangeSiteTests: XCTestCase {
  private func change(_ words: String...) throws {
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    // On a slow machine its connection may come too late for its time limit; a change may be repeated.
    var output = ""
    let isDone = try eventually(seconds: 60) {
      let run = try Command.run(swiftlet, ["link"] + words)
      output = run.output
      return run.status == 0
    }
    XCTAssertTrue(isDone, output)
  }

  /// Waits until no worker answers otherwise: well before their memory would end by itself.
  private func waitUntilEveryWorkerAnswers(
    _ site: Site, _ code: String, _ isExpected: (HTTPClient.Answer) -> Bool
  ) throws {
    let isSeen = try eventually(seconds: 20) {
      try (0..<60).allSatisfy { _ in isExpected(try site.http.get("/\(code)")) }
    }
    XCTAssertTrue(isSeen, "some worker answers as before")
  }

  private func leads(to url: String) -> (HTTPClient.Answer) -> Bool {
    { $0.status == 301 && $0["location"] == url }
  }

  func testEveryWorkerFollowsAnEdit() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/before")
    for number in 1...3 {
      let (before, after) = (number == 1 ? "before" : "\(number - 1)", "\(number)")
      try waitUntilEveryWorkerAnswers(site, code, leads(to: "https://example.com/" + before))
      try change("edit", code, "--url", "https://example.com/" + after)
      try waitUntilEveryWorkerAnswers(site, code, leads(to: "https://example.com/" + after))
    }
  }

  func testADisabledLinkIsGoneUntilItIsEnabledAndItsStatisticsStay() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/down")
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    let before = try site.stats(code, clicks: 1)["total_clicks"].number
    try change("disable", site.baseURL + "/\(code)")
    var isDown = false
    try waitUntilEveryWorkerAnswers(site, code) { answer in
      isDown = answer.status == 410
      return isDown
    }
    let answer = try site.http.get("/\(code)")
    assertProblem(answer, 410)
    XCTAssertEqual(try answer.json["type"].text, "urn:problem-type:swiftlet:gone")
    XCTAssertEqual(answer["cache-control"], "no-store")
    XCTAssertEqual(try site.http.get("/\(code).").status, 410, "as pasted from a sentence")
    XCTAssertGreaterThanOrEqual(try site.stats(code, clicks: before)["total_clicks"].number, before)

    try change("enable", code)
    try waitUntilEveryWorkerAnswers(site, code, leads(to: "https://example.com/down"))
  }

  func testARequestForALinkThatIsGoneIsNoClick() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/uncounted")
    try change("disable", code)
    try waitUntilEveryWorkerAnswers(site, code) { $0.status == 410 }
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: 0)["total_clicks"].number, 0)
  }

  func testADeletedLinkIsGoneWithItsStatistics() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/deleted")
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    _ = try site.stats(code, clicks: 1)
    try change("delete", code)
    try waitUntilEveryWorkerAnswers(site, code) { $0.status == 410 }
    assertProblem(try site.http.get("/stats/\(code)"), 404)
  }
}
