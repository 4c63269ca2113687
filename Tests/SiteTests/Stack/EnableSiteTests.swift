import Foundation
import TestSupport
import XCTest

/// `swiftlet enable` and `disable` with a supervisord of the test's own, on the stack's engines.
final class EnableSiteTests: XCTestCase {
  private var directory = try? ScratchDirectory("enable")
  private var supervisord: ChildProcess?

  override func tearDown() {
    supervisord?.signal(SIGTERM)
    _ = supervisord?.wait(seconds: 60)
    supervisord = nil
    directory = nil
  }

  private func path(_ name: String) throws -> String { try XCTUnwrap(directory)(name) }

  private func variables() throws -> [String: String] {
    [
      "SWIFTLET_RUN": try path("run"), "SWIFTLET_LOG": try path("log"), "SWIFTLET_USER": "root",
      "SWIFTLET_GROUP": "root", "SWIFTLET_BIN": TestStack.programs.path,
      "JOURNAL_DIR": try path("journal"), "STATE_DIR": try path("state"), "DROPPED_IDS": "",
      "SUPERVISOR_URL": "unix://" + (try path("supervisor.sock")), "SHORTENER_API_WORKERS": "2",
      "ANALYTICS_WORKERS": "2", "SHORTENER_WORKERS": "2",
    ]
  }

  private func swiftlet(
    _ words: [String], _ others: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      words + ["--sections-directory", path("conf.d")],
      environment: variables().merging(others) { _, other in other })
  }

  private func startSupervisord() throws {
    for name in ["run", "log", "journal", "conf.d"] { _ = try XCTUnwrap(directory).make(name) }
    try """
    [supervisord]
    nodaemon=true
    silent=true
    logfile=\(path("supervisord.log"))
    pidfile=\(path("supervisord.pid"))
    [unix_http_server]
    file=\(path("supervisor.sock"))
    [rpcinterface:supervisor]
    supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
    [include]
    files=\(path("conf.d"))/*.conf
    """.write(toFile: path("supervisord.conf"), atomically: true, encoding: .utf8)
    supervisord = try ChildProcess(
      "/usr/bin/supervisord", ["-c", path("supervisord.conf")], environment: variables())
    let place = try path("supervisor.sock")
    XCTAssertTrue(
      eventually(seconds: 30) { FileManager.default.fileExists(atPath: place) })
  }

  func testTheProgramsRunOnceEnabledAndNoMoreOnceDisabled() throws {
    try startSupervisord()
    let file = try path("conf.d/swiftlet.conf")
    let first = try swiftlet(["enable", "--supervisord"])
    XCTAssertEqual(first.status, 0, first.output)
    XCTAssertEqual(first.output, "wrote \(file)\n15 processes run\n")
    let worker = try FastCGIClient.request(
      socket: path("run/shortener-api.sock"),
      parameters: [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/health")])
    XCTAssertTrue(worker.hasPrefix("Status: 200 OK\r\n"), worker)
    let url = try XCTUnwrap(variables()["SUPERVISOR_URL"])
    let pids = try Supervisor.pids("", at: url)

    let again = try swiftlet(["enable"])
    XCTAssertEqual(again.status, 0, again.output)
    XCTAssertEqual(again.output, "15 processes run\n")
    XCTAssertEqual(try Supervisor.pids("", at: url), pids)

    let more = try swiftlet(["enable"], ["ANALYTICS_WORKERS": "3"])
    XCTAssertEqual(more.output, "wrote \(file)\n16 processes run\n")

    try assertARestartRenews(file, url)

    try assertARestartMakesTheDirectoryOfSockets(url)

    // A visit that the worker has written, whatever the relay has of it by now.
    let visit = try FastCGIClient.request(
      socket: path("run/shortener-lookup.sock"),
      parameters: [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/no-such-link")])
    XCTAssertTrue(visit.hasPrefix("Status: 404"), visit)
    XCTAssertTrue(try eventually(seconds: 20) { try !journals().isEmpty })

    let disabled = try swiftlet(["disable"])
    XCTAssertEqual(disabled.status, 0, disabled.output)
    XCTAssertEqual(try journals(), [], "the relay ends last, and nothing waits for it")
    XCTAssertFalse(FileManager.default.fileExists(atPath: file))
    XCTAssertEqual(try Supervisor.status(at: url), "")
    XCTAssertEqual(try swiftlet(["disable"]).status, 0)
  }

  /// As after a boot where nothing else makes it.
  private func assertARestartMakesTheDirectoryOfSockets(_ url: String) throws {
    _ = try Command.run("/usr/bin/supervisorctl", ["-s", url, "stop", "analytics:*"])
    try FileManager.default.removeItem(atPath: path("run"))
    let restart = try swiftlet(["restart", "analytics"], ["ANALYTICS_WORKERS": "3"])
    XCTAssertEqual(restart.status, 0, restart.output)
    for line in ["made \(try path("run"))\n", "the socket of analytics is made anew\n"] {
      XCTAssertTrue(restart.output.contains(line), restart.output)
    }
    XCTAssertEqual(
      try swiftlet(["restart"], ["ANALYTICS_WORKERS": "3"]).status, 0, "of the others")
  }

  private func journals() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path("journal"))
      .filter { $0.hasSuffix(".ndjson") }
  }

  /// A release with a program that supervisord doesn't know yet, and with another section.
  private func assertARestartRenews(_ file: String, _ url: String) throws {
    let sections = try String(contentsOfFile: file, encoding: .utf8)
    let former =
      sections
      .replacing(/\n; [^\n]*\n\[program:invalidator\]\n([^\n]+\n)+/, with: "")
      .replacing("priority=400", with: "priority=401")
    XCTAssertNotEqual(former, sections)
    try former.write(toFile: file, atomically: true, encoding: .utf8)
    XCTAssertEqual(try Command.run("/usr/bin/supervisorctl", ["-s", url, "update"]).status, 0)
    XCTAssertEqual(try Supervisor.pids("invalidator", at: url), [])

    let restart = try swiftlet(["restart", "invalidator"], ["ANALYTICS_WORKERS": "3"])
    XCTAssertEqual(restart.status, 0, restart.output)
    XCTAssertEqual(
      restart.output,
      """
      wrote \(file)
      supervisord knows invalidator now
      supervisord goes on by the former sections of relay: swiftlet enable takes the new ones, and stops \
      each for a moment
      1 of 1: invalidator is back

      """)
    XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), sections)
    XCTAssertEqual(try Supervisor.pids("invalidator", at: url).count, 1)
  }

  func testNothingIsWrittenWhereSomethingIsMissing() throws {
    try startSupervisord()
    for (variables, status, start) in [
      (["CACHE_TTL": "x"], 78, "swiftlet: CACHE_TTL: "),
      (["SWIFTLET_USER": "nobody-of-that-name"], 78, "swiftlet: SWIFTLET_USER: "),
      (["SWIFTLET_LOG": "/nonexistent"], 78, "swiftlet: SWIFTLET_LOG: "),
      (["JOURNAL_DIR": "/nonexistent"], 78, "swiftlet: JOURNAL_DIR: "),
      (["PG_DSN": "postgresql:///none?host=/nonexistent"], 69, "swiftlet: not enabled: "),
      (["SUPERVISOR_URL": "unix:///nonexistent"], 1, "swiftlet: supervisord does not answer: "),
    ] {
      let run = try swiftlet(["enable", "--supervisord"], variables)
      XCTAssertEqual(run.status, Int32(status), run.output)
      XCTAssertTrue(run.output.hasPrefix(start), run.output)
      XCTAssertEqual(run.output.split(separator: "\n").count, 1, run.output)
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: path("conf.d")), [])
    }
  }

  func testWhoIsNotRootIsToldSo() throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let run = try Command.run(
      "/usr/sbin/runuser", ["-u", "nobody", "--", program, "disable"],
      environment: ["SWIFTLET_ENV": "/dev/null"])
    XCTAssertEqual(run.status, 78, run.output)
    XCTAssertEqual(run.output, "swiftlet: disable needs root: sudo swiftlet disable\n")
  }
}
