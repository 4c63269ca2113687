import Foundation
import TestSupport
import XCTest

final class LedgerSiteTests: XCTestCase {
  private let directory = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
  private let event = String(repeating: "ab", count: 16)
  private let since = Date(timeIntervalSinceNow: -1)

  override func setUpWithError() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: directory) }

  private func line(_ date: Date, _ event: String, status: Int = 301) -> String {
    #"{"time":"\#(Self.text(date))","request_id":"\#(event)","#
      + #""request":"GET /a HTTP/1.1","status":\#(status)}"# + "\n"
  }

  private static func text(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

  /// A log that reaches back, with one redirect of which nobody has the click.
  private func log(_ more: String = "") throws -> String {
    let path = directory + "/access.log"
    let lines =
      line(since.addingTimeInterval(-60), String(repeating: "0", count: 32), status: 404)
      + line(Date(), event) + more
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func reconcile(
    _ log: String, since: Date? = nil, _ arguments: [String] = ["--json"],
    environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      [
        "clicks", "reconcile", "--since", Self.text(since ?? self.since), "--log", log, "--wait",
        "0",
      ] + arguments, environment: environment)
  }

  func testNginxsLogAndTheStoredClicksAgree() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/ledger")
    for _ in 0..<50 { XCTAssertEqual(try site.http.get("/\(code)").status, 301) }
    XCTAssertEqual(try site.http.get("/\(code)", [("Sec-GPC", "1")]).status, 301)
    // None of these is a click.
    XCTAssertEqual(try site.http.request("HEAD", "/\(code)").status, 301)
    XCTAssertEqual(try site.http.get("/\(code)", [("Purpose", "prefetch")]).status, 301)
    _ = try site.http.get("/stats")
    let log = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    var last = ""
    let agrees = try eventually(seconds: 30) {
      let run = try reconcile(log)
      last = run.output
      return run.status == 0 && !last.contains(#""stored":0"#) && last.contains(#""in_journals":0"#)
    }
    XCTAssertTrue(agrees, last)
    XCTAssertTrue(last.contains(#"{"path":"\#(log)","lines":"#), last)
  }

  func testARedirectThatNobodyRecordedIsNamed() throws {
    let run = try reconcile(log())
    XCTAssertEqual(run.status, 1)
    XCTAssertTrue(
      run.output.contains(#""missing":["\#(event)"],"missing_total":1"#), run.output)
    XCTAssertTrue(run.output.contains(#"{"log":{"lines":2,"unreadable":0,"from":"#), run.output)
    let text = try reconcile(log(), [])
    XCTAssertEqual(text.status, 1)
    XCTAssertTrue(text.output.contains("missing \(event)\n"), text.output)
    XCTAssertTrue(text.output.contains("read 2 lines of \(directory)/access.log\n"), text.output)
  }

  func testALogThatCanNotAnswerIsAFailureAndNotAnAllClear() throws {
    let path = try log()
    let early = try reconcile(path, since: since.addingTimeInterval(-3600))
    XCTAssertEqual(early.status, 65)
    XCTAssertTrue(early.output.contains("rotations begin at"), early.output)
    let future = try reconcile(path, since: Date(timeIntervalSinceNow: 3600))
    XCTAssertEqual(future.status, 64)
    XCTAssertTrue(future.output.contains("--since is in the future"), future.output)
    XCTAssertEqual(try reconcile(path + ".none").status, 65)
    let damaged = try reconcile(log(String(repeating: "garbage\n", count: 20)))
    XCTAssertEqual(damaged.status, 65)
    XCTAssertTrue(damaged.output.contains("20 of 22 lines"), damaged.output)
    for garbage in ["", "garbage\n", String(repeating: "\u{0}", count: 4096)] {
      try Data(garbage.utf8).write(to: URL(fileURLWithPath: path))
      XCTAssertEqual(try reconcile(path).status, 65, garbage)
    }
  }

  func testARotatedLogIsReadAndSoIsACompressedOne() throws {
    let path = try log()
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try Command.check("/bin/gzip", [path + ".1"])
    XCTAssertEqual(try reconcile(path).status, 65)
    try Data().write(to: URL(fileURLWithPath: path))
    let run = try reconcile(path)
    XCTAssertEqual(run.status, 1)
    XCTAssertTrue(run.output.contains(#""missing":["\#(event)"]"#), run.output)
  }

  /// What could not be written is no click on its way.
  func testAReplayThatIsRefusedIsAFailure() throws {
    let journals = directory + "/journals"
    try FileManager.default.createDirectory(atPath: journals, withIntermediateDirectories: true)
    let click =
      #"{"event_id":"\#(event)","short_code":"a","timestamp":"\#(Self.text(Date()))"}"# + "\n"
    let name = journals + "/0123456789abcdef.ndjson"
    try Data(click.utf8).write(to: URL(fileURLWithPath: name))
    for option in ["--replay", "--put-back"] {
      let run = try reconcile(
        log(), [option, "--json"],
        environment: ["JOURNAL_DIR": journals, "STATE_DIR": directory + "/state"])
      XCTAssertEqual(run.status, 0, run.output)
      XCTAssertTrue(run.output.contains(#""replayed":1,"refused":0"#), run.output)
      XCTAssertTrue(run.output.contains(#""in_journals":1"#), run.output)
    }
    try (Data(click.utf8) + Data(count: 2 << 20)).write(to: URL(fileURLWithPath: name))
    let run = try reconcile(
      log(), ["--replay", "--json"],
      environment: [
        "JOURNAL_DIR": journals, "STATE_DIR": directory + "/other-state",
        "JOURNAL_MAX_BYTES": "1048576",
      ])
    XCTAssertEqual(run.status, 74, run.output)
    XCTAssertTrue(run.output.contains(#""replayed":0,"refused":1"#), run.output)
    XCTAssertTrue(run.output.contains("1 clicks could not be written"), run.output)
  }
}
