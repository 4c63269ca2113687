import Foundation
import TestSupport
import XCTest

/// What an operator sees of changes of links that are not announced.
final class DispatchSiteTests: XCTestCase {
  private let remark = "changes of links: no dispatcher runs on this host"

  private func doctor() throws -> String {
    try Command.output(TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor"])
  }

  /// A change that was due a minute ago.
  private func change() throws {
    try Command.check(
      "/usr/bin/psql",
      [
        "-X", TestStack.value("PG_DSN"), "-c",
        """
        INSERT INTO outbox (link, slug, changed_at)
        VALUES (1, 'nobodyAnnounces', now() - interval '1 minute')
        """,
      ])
  }

  /// Waits until `/health` says this of the dispatcher.
  private func assertHealth(
    _ state: String, _ remarks: [String], _ site: Site, file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    var text = ""
    let isSo = try eventually(seconds: 60) {
      let answer = try site.http.get("/health")
      text = answer.text
      guard answer.status == 200, let json = try? answer.json else { return false }
      let found = (try? json["remarks"].texts) ?? []
      return try json["dependencies"]["dispatcher"]["state"].text == state
        && found.filter { $0.contains("dispatcher") } == remarks
    }
    XCTAssertTrue(isSo, text, file: file, line: line)
  }

  func testChangesThatNobodyAnnouncesShowInHealthDoctorAndMetrics() throws {
    let site = try Site()
    let programs = try Supervisor.names("dispatcher")
    XCTAssertEqual(programs.count, 1)
    for program in programs { try Supervisor.stop(program) }
    defer { for program in programs { try? Supervisor.start(program) } }
    try change()
    try assertHealth("down", [remark], site)
    let findings = try doctor()
    XCTAssertTrue(findings.contains("FAILED   changes to announce: 1 due for up to "), findings)
    XCTAssertTrue(findings.contains("no dispatcher is active on any host"), findings)

    for program in programs { try Supervisor.start(program) }
    try assertHealth("up", [], site)
    let isWell = try eventually(seconds: 60) {
      try doctor().contains("ok       changes to announce: none waits")
    }
    XCTAssertTrue(isWell)
    let samples = try Scrape(site.http.get("/metrics").text).samples
    XCTAssertEqual(samples["swiftlet_dispatcher_active{}"], 1)
    XCTAssertEqual(samples["swiftlet_dispatcher_due_changes{}"], 0)
    XCTAssertGreaterThan(samples["swiftlet_dispatcher_announced_changes_total{}"] ?? 0, 0)
  }
}
