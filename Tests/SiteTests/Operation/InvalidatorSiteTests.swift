import Foundation
import TestSupport
import XCTest

/// What an operator sees of a host that hears no changes of links.
final class InvalidatorSiteTests: XCTestCase {
  private func doctor() throws -> String {
    try Command.output(TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor"])
  }

  private func state(of health: JSONAnswer) -> String? {
    try? health["dependencies"]["invalidator"]["state"].text
  }

  func testAFrozenInvalidatorIsToldByHealthMetricsAndDoctorWhileRedirectsGoOn() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/unheard")
    XCTAssertTrue(
      try eventually(seconds: 60) { try state(of: site.http.get("/health").json) == "up" })
    let pid = try XCTUnwrap(Supervisor.pids("invalidator").first)
    kill(pid, SIGSTOP)
    defer { kill(pid, SIGCONT) }
    var answer = try site.http.get("/health")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        answer = try site.http.get("/health")
        return try state(of: answer.json) == "down"
      }, answer.text)
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(try answer.json["status"].text, "degraded")
    XCTAssertTrue(answer.text.contains("changes of links: none heard for "), answer.text)
    let metrics = try Scrape(site.http.get("/metrics").text)
    XCTAssertGreaterThan(
      try XCTUnwrap(metrics.sum("swiftlet_invalidator_beat_age_seconds")), 5)
    let told = try doctor()
    XCTAssertTrue(told.contains("warning  changes of links: none was heard for "), told)
    XCTAssertTrue(told.contains("-> see the invalidator's log, and Redis"), told)
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)

    kill(pid, SIGCONT)
    XCTAssertTrue(
      try eventually(seconds: 60) { try state(of: site.http.get("/health").json) == "up" })
    let well = try doctor()
    XCTAssertTrue(well.contains("ok       changes of links: all heard until "), well)
    XCTAssertTrue(well.contains("ok       Redis rights: a change would be heard by 1 "), well)
  }

  func testAChangeThatIsAnnouncedIsCounted() throws {
    let site = try Site()
    func names() throws -> Double {
      try Scrape(site.http.get("/metrics").text).sum("swiftlet_invalidator_names_total") ?? 0
    }
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try Scrape(site.http.get("/metrics").text).sum("swiftlet_invalidator_connected") == 1
      })
    let before = try names()
    let address = try TestStack.value("REDIS_URL").dropFirst("unix://".count)
    try Command.check(
      "/usr/bin/redis-cli",
      ["-s", String(address.prefix { $0 != "?" }), "PUBLISH", "short_url_changes:0", "a\nb\nc"])
    XCTAssertTrue(try eventually(seconds: 30) { try names() >= before + 3 })
  }
}
