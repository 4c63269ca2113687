import Foundation
import TestSupport
import XCTest

/// A second stack beside the one under test, as `make run` makes it: started, used, stopped, started
/// again with its data.
final class SecondStackSiteTests: XCTestCase {
  private var folder = ""
  private var environment: [String: String] = [:]

  override func setUpWithError() throws {
    folder = "/tmp/swiftlet-second-\(UUID().uuidString.prefix(8))"
    // The engines and directories of a file of settings are not those of a private stack.
    try """
    PG_DSN=postgresql:///elsewhere?host=/nonexistent
    REDIS_URL=unix:///nonexistent/redis.sock
    RABBITMQ_URL=amqp://guest:guest@127.0.0.1:1/%2F
    CLICKHOUSE_URL=nowhere
    JOURNAL_DIR=/nonexistent/journal
    STATE_DIR=/nonexistent/state
    SWIFTLET_RUN=/nonexistent
    BASE_URL=https://sho.rt
    CONSUMERS=2
    SHORTENER_WORKERS=8
    """.write(toFile: folder + ".env", atomically: true, encoding: .utf8)
    environment = [
      "VAR": folder, "PORT": "\(try Socket.freePort())",
      "SWIFTLET_BIN": TestStack.programs.path, "SWIFTLET_ENV": folder + ".env",
      "SHORTENER_WORKERS": "2", "SHORTENER_SPARE_WORKERS": "1", "ANALYTICS_WORKERS": "1",
    ]
  }

  override func tearDownWithError() throws {
    _ = try stack("down")
    for path in [folder, folder + ".env"] { try FileManager.default.removeItem(atPath: path) }
  }

  func testItRunsBesideTheFirstLeavesNothingBehindAndKeepsItsData() throws {
    let first = try Site()
    let other = try first.shorten("https://example.com/first")
    let port = try XCTUnwrap(UInt16(environment["PORT"] ?? ""))
    let http = HTTPClient(port: port)

    XCTAssertEqual(try stack("up").status, 0)
    XCTAssertEqual(try workers("shortener"), 2)
    XCTAssertEqual(try workers("consumer"), 2)
    let busy = try stack("up")
    XCTAssertNotEqual(busy.status, 0)
    XCTAssertTrue(busy.output.contains("in use"), busy.output)

    let answer = try http.post("/shorten", json: #"{"original_url":"https://example.com/second"}"#)
    XCTAssertEqual(answer.status, 201)
    let location = try XCTUnwrap(answer["location"])
    XCTAssertTrue(location.hasPrefix("https://sho.rt/"), location)
    let code = String(location.dropFirst("https://sho.rt/".count))
    XCTAssertEqual(try http.get("/\(code)")["location"], "https://example.com/second")
    // Each has links of its own.
    XCTAssertEqual(try http.get("/\(other)").status, 404)
    XCTAssertEqual(try first.http.get("/\(code)").status, 404)
    XCTAssertTrue(try eventually(seconds: 30) { try clicks(http, code) == 1 })

    let sockets = try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/run")
    XCTAssertEqual(try stack("down").status, 0)
    XCTAssertEqual(try processes(), [])
    XCTAssertFalse(FileManager.default.fileExists(atPath: sockets))
    XCTAssertThrowsError(try Socket(port: port))

    XCTAssertEqual(try stack("up").status, 0)
    XCTAssertEqual(try http.get("/\(code)")["location"], "https://example.com/second")
    XCTAssertTrue(try eventually(seconds: 30) { try clicks(http, code) == 2 })
  }

  func testAfterAKillTheNextUpReturnsWhenTheSiteServes() throws {
    let port = try XCTUnwrap(UInt16(environment["PORT"] ?? ""))
    XCTAssertEqual(try stack("up").status, 0)
    let runner = try String(contentsOfFile: folder + "/lock", encoding: .utf8)
    XCTAssertEqual(
      kill(try XCTUnwrap(pid_t(runner.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL), 0
    )
    // supervisord, which is told by the kernel, stops the rest and then gives the lock back.
    let lock = folder + "/lock"
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try Command.run("/usr/bin/flock", ["-n", lock, "true"]).status == 0
      })
    XCTAssertEqual(try stack("env").output, "stack: no stack is up in VAR=\(folder)\n")

    XCTAssertEqual(try stack("up").status, 0)
    XCTAssertEqual(try HTTPClient(port: port).get("/health").status, 200)
  }

  func testUpReturnsWhenAConsumerTakesTheClicks() throws {
    let port = try XCTUnwrap(UInt16(environment["PORT"] ?? ""))
    environment["SWIFTLET_BIN"] = try programsWithALateConsumer()
    environment["CONSUMERS"] = "1"
    XCTAssertEqual(try stack("up").status, 0)
    let page = try HTTPClient(port: port).get("/metrics").text
    XCTAssertTrue(page.contains(#"swiftlet_queue_consumers{queue="click_events"} 1"#), page)
  }

  /// A directory of the programs, whose consumer starts when the site has served for seconds.
  private func programsWithALateConsumer() throws -> String {
    let directory = folder + "/programs"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for name in ["shortener", "api", "analytics", "relay", "swiftlet"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(directory)/\(name)",
        withDestinationPath: TestStack.programs.appendingPathComponent(name).path)
    }
    let consumer = TestStack.programs.appendingPathComponent("consumer").path
    let script = directory + "/consumer"
    try "#!/bin/sh\nsleep 5\nexec '\(consumer)'\n".write(
      toFile: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    return directory
  }

  private func clicks(_ http: HTTPClient, _ code: String) throws -> Int? {
    let answer = try http.get("/stats/\(code)")
    return try? answer.json["total_clicks"].number
  }

  /// Runs the script with these variables alone: those of the first stack would win over the file.
  private func stack(_ words: String...) throws -> (status: Int32, output: String) {
    let own = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME"].contains($0.key) }
    let variables = own.merging(environment) { _, own in own }.map { "\($0.key)=\($0.value)" }
    return try Command.run(
      "/usr/bin/env", ["-i"] + variables + [Repository.url("supervisor/stack").path] + words)
  }

  /// How many processes a section of supervisord has.
  private func workers(_ section: String) throws -> Int {
    try stack("ctl", "status").output.split(separator: "\n").count { $0.hasPrefix("\(section):") }
  }

  /// The processes that run on this stack's folder.
  private func processes() throws -> [String] {
    try Command.output("/bin/ps", ["-eo", "pid,args"]).split(separator: "\n").map(String.init)
      .filter { $0.contains(folder) }
  }
}
