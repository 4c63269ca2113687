import Foundation
import TestSupport
import XCTest

final class LedgerSiteTests: XCTestCase {
  func testNginxsLogAndTheStoredClicksAgree() throws {
    let site = try Site()
    let since = RFC3339Date.string(Date(timeIntervalSinceNow: -1))
    let code = try site.shorten("https://example.com/ledger")
    for _ in 0..<50 { XCTAssertEqual(try site.http.get("/\(code)").status, 301) }
    let log = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    var last = ""
    let agrees = try eventually(seconds: 30) {
      let run = try reconcile(since, log)
      last = run.output
      return run.status == 0 && !last.contains(#""stored":0"#) && last.contains(#""in_journals":0"#)
    }
    XCTAssertTrue(agrees, last)

    // A redirect that nobody recorded is named.
    let other = NSTemporaryDirectory() + "ledger-\(UUID().uuidString).log"
    defer { try? FileManager.default.removeItem(atPath: other) }
    let line =
      #"{"time":"\#(RFC3339Date.string(Date()))","request_id":"\#(String(repeating: "ab", count: 16))","#
      + #""request":"GET /a HTTP/1.1","status":301}"# + "\n"
    try Data(line.utf8).write(to: URL(fileURLWithPath: other))
    let run = try reconcile(since, other)
    XCTAssertEqual(run.status, 1)
    XCTAssertTrue(run.output.contains(String(repeating: "ab", count: 16)), run.output)
  }

  private func reconcile(
    _ since: String, _ log: String
  ) throws -> (status: Int32, output: String) {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      ["clicks", "reconcile", "--since", since, "--log", log, "--json"])
  }

  private enum RFC3339Date {
    static func string(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }
  }
}
