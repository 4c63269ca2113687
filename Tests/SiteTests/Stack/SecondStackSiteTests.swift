import Foundation
import TestSupport
import XCTest

/// A second stack beside the one under test, as `make run` makes it: started, used, stopped, started
/// again with its data.
final class SecondStackSiteTests: XCTestCase {
  private var stack: PrivateStack?

  override func setUpWithError() throws {
    var stack = try PrivateStack(
      "second",
      [
        "SHORTENER_WORKERS": "2", "SHORTENER_SPARE_WORKERS": "2", "ANALYTICS_WORKERS": "2",
        "CODE_STYLE": "random",
      ])
    let settings = stack.directory + ".env"
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
    """.write(toFile: settings, atomically: true, encoding: .utf8)
    stack.variables["SWIFTLET_ENV"] = settings
    self.stack = stack
  }

  override func tearDownWithError() throws {
    let stack = try XCTUnwrap(stack)
    try stack.remove()
    try FileManager.default.removeItem(atPath: stack.directory + ".env")
  }

  func testItRunsBesideTheFirstLeavesNothingBehindAndKeepsItsData() throws {
    let first = try Site()
    let other = try first.shorten("https://example.com/first")
    let stack = try XCTUnwrap(stack)
    let http = stack.http

    try stack.up()
    XCTAssertEqual(try workers("shortener", of: stack), 2)
    XCTAssertEqual(try workers("consumer", of: stack), 2)
    // What the stack was given holds for commands beside it, too; what it wasn't has its default there.
    let told = try stack.run("env").output
    XCTAssertTrue(told.contains("export CODE_STYLE=random\n"), told)
    XCTAssertFalse(told.contains("CODE_LENGTH"), told)
    let busy = try stack.run("up")
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
    // A new stack has nothing to carry, as the first click has told.
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try stack.run("ctl", "status", "carry").output.contains(/carry +EXITED/)
      })

    let sockets = try FileManager.default.destinationOfSymbolicLink(
      atPath: stack.directory + "/run")
    XCTAssertEqual(try stack.run("down").status, 0)
    XCTAssertEqual(try processes(of: stack), [])
    XCTAssertFalse(FileManager.default.fileExists(atPath: sockets))
    XCTAssertThrowsError(try Socket(port: http.port))

    try stack.up()
    XCTAssertEqual(try http.get("/\(code)")["location"], "https://example.com/second")
    XCTAssertTrue(try eventually(seconds: 30) { try clicks(http, code) == 2 })
  }

  func testAfterAKillTheNextUpReturnsWhenTheSiteServes() throws {
    let stack = try XCTUnwrap(stack)
    try stack.up()
    let lock = stack.directory + "/lock"
    let runner = try String(contentsOfFile: lock, encoding: .utf8)
    XCTAssertEqual(
      kill(try XCTUnwrap(pid_t(runner.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL), 0
    )
    // supervisord, which is told by the kernel, stops the rest and then gives the lock back.
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try Command.run("/usr/bin/flock", ["-n", lock, "true"]).status == 0
      })
    XCTAssertEqual(
      try stack.run("env").output, "stack: no stack is up in VAR=\(stack.directory)\n")

    try stack.up()
    XCTAssertEqual(try stack.http.get("/health").status, 200)
  }

  func testUpReturnsWhenAConsumerTakesTheClicks() throws {
    var stack = try XCTUnwrap(stack)
    stack.variables["SWIFTLET_BIN"] = try programsWithALateConsumer(in: stack.directory)
    stack.variables["CONSUMERS"] = "1"
    try stack.up()
    let page = try stack.http.get("/metrics").text
    XCTAssertTrue(page.contains(#"swiftlet_queue_consumers{queue="click_events"} 1"#), page)
  }

  /// A directory of the programs, whose consumer starts when the site has served for seconds.
  private func programsWithALateConsumer(in parent: String) throws -> String {
    let directory = parent + "/programs"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for name in [
      "shortener", "api", "analytics", "relay", "invalidator", "dispatcher", "swiftlet",
    ] {
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

  /// How many processes a section of supervisord has.
  private func workers(_ section: String, of stack: PrivateStack) throws -> Int {
    try stack.run("ctl", "status").output.split(separator: "\n").count {
      $0.hasPrefix("\(section):")
    }
  }

  /// The processes that run on a stack's directory.
  private func processes(of stack: PrivateStack) throws -> [String] {
    try Command.output("/bin/ps", ["-eo", "pid,args"]).split(separator: "\n").map(String.init)
      .filter { $0.contains(stack.directory) }
  }
}
