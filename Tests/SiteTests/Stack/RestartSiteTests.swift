import Foundation
import Glibc
import TestSupport
import XCTest

/// `swiftlet restart` with supervisord.
final class RestartSiteTests: XCTestCase {
  private func restart(
    _ words: [String] = [], _ variables: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let file = try ScratchDirectory("restart")
    let child = try ChildProcess(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["restart"] + words,
      environment: variables, output: file("output"))
    let status = try XCTUnwrap(child.wait(seconds: 600), "it takes too long")
    return (status, try String(contentsOfFile: file("output"), encoding: .utf8))
  }

  /// A stack of its own with few workers, since each takes seconds.
  func testNoRequestFailsAndTheFirstProcessThatDoesNotComeBackEndsIt() throws {
    let programs = try ScratchDirectory("programs")
    for name in HostPrograms.names {
      symlink(TestStack.programs.appendingPathComponent(name).path, programs(name))
    }
    let stack = try PrivateStack(
      "restart",
      [
        "SWIFTLET_BIN": programs.path, "SHORTENER_WORKERS": "2", "SHORTENER_API_WORKERS": "2",
        "ANALYTICS_WORKERS": "2", "LIMIT_CREATIONS": "0", "LIMIT_CONNECTIONS": "0",
        "LIMIT_STATS": "0",
        // The limits of the stack under test: a busy machine is slower than one of production.
        "REDIS_TIMEOUT_MS": "200", "PG_READ_TIMEOUT_MS": "350", "PG_WRITE_TIMEOUT_MS": "5000",
      ])
    defer { try? stack.remove() }
    try stack.up()
    let variables = try stack.environment()
    let site = Site(http: stack.http, baseURL: try XCTUnwrap(variables["BASE_URL"]))
    try assertNoRequestFails(site, variables)
    try assertTheFirstThatDoesNotComeBackEndsIt(programs, variables)
  }

  /// None of 50 000 redirects fails, no creation and no statistics; every process is another one
  /// afterwards.
  private func assertNoRequestFails(_ site: Site, _ variables: [String: String]) throws {
    let url = try XCTUnwrap(variables["SUPERVISOR_URL"])
    let code = try site.shorten("https://example.com/restart")
    // A process that has just been started has no pid in supervisord's list yet.
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try HostPrograms.sections.map { try Supervisor.pids($0, at: url).count }.reduce(0, +) == 14
      })
    let old = try HostPrograms.sections.map { try Supervisor.pids($0, at: url) }
    let scratch = try ScratchDirectory("load")
    let load = try ChildProcess(
      "/usr/bin/python3",
      [
        "-I", Repository.url("Tests/Package/load.py").path, "localhost:\(site.http.port)", code, "",
        "50000", scratch("stop"),
      ], output: scratch("load"))
    let creations = Creations(site, count: 2, again: true)
    XCTAssertGreaterThan(try site.stats(code, clicks: 50)["total_clicks"].number, 0)
    let (status, output) = try restart([], variables)
    XCTAssertTrue(FileManager.default.createFile(atPath: scratch("stop"), contents: nil))
    let loadStatus = load.wait(seconds: 300)
    let made = creations.stop()
    let told = try String(contentsOfFile: scratch("load"), encoding: .utf8)
    XCTAssertEqual(status, 0, output)
    XCTAssertEqual(loadStatus, 0, told)
    XCTAssertEqual(made.others, [])
    XCTAssertGreaterThan(made.ended, 50)
    let redirected = try XCTUnwrap(
      told.firstMatch(of: /^(\d+) redirects/).flatMap { Int($0.1) }, told)
    XCTAssertGreaterThanOrEqual(redirected, 50_000)
    for (section, pids) in zip(HostPrograms.sections, old) {
      let new = try Supervisor.pids(section, at: url)
      XCTAssertEqual(new.count, pids.count, section)
      XCTAssertTrue(Set(new).isDisjoint(with: pids), section)
    }
    let lines = output.split(separator: "\n")
    XCTAssertEqual(lines.first, "1 of 14: shortener-spare:shortener-spare_00 is back")
    XCTAssertEqual(lines.last, "14 of 14: consumer:consumer_00 is back")
    let stats = try site.stats(code, clicks: redirected, withinSeconds: 90)
    XCTAssertEqual(try stats["total_clicks"].number, redirected)
  }

  private func assertTheFirstThatDoesNotComeBackEndsIt(
    _ programs: ScratchDirectory, _ variables: [String: String]
  ) throws {
    let url = try XCTUnwrap(variables["SUPERVISOR_URL"])
    let before = try Supervisor.pids("shortener", at: url)
    unlink(programs("shortener"))
    let (status, output) = try restart(["--wait", "3", "shortener-lookup", "shortener"], variables)
    XCTAssertEqual(status, 1, output)
    let line = output.split(separator: "\n").last ?? ""
    XCTAssertTrue(line.hasPrefix("swiftlet: shortener-lookup:shortener-lookup_00 does not"), output)
    XCTAssertTrue(line.hasSuffix("; 3 more were left as they were"), output)
    let left = try Supervisor.pids("shortener", at: url)
    XCTAssertEqual(Set(before).subtracting(left).count, 1)
    // The cause is mended, and the command run again.
    symlink(TestStack.programs.appendingPathComponent("shortener").path, programs("shortener"))
    let again = try restart(["shortener-lookup"], variables)
    XCTAssertEqual(again.status, 0, again.output)
  }

  func testOnlyTheNamedProgramsAreRestarted() throws {
    let (relay, others) = (try Supervisor.pids("relay"), try Supervisor.pids("analytics"))
    let (status, output) = try restart(["relay"])
    XCTAssertEqual(status, 0, output)
    XCTAssertEqual(output, "1 of 1: relay is back\n")
    XCTAssertTrue(Set(try Supervisor.pids("relay")).isDisjoint(with: relay))
    XCTAssertEqual(try Supervisor.pids("analytics"), others)
  }

  func testNothingIsRestartedWhileAnotherCommandDoes() throws {
    let before = try Supervisor.pids("relay")
    let state = open(try TestStack.value("STATE_DIR"), O_RDONLY)
    defer { close(state) }
    XCTAssertEqual(flock(state, LOCK_EX | LOCK_NB), 0)
    let (status, output) = try restart(["relay"])
    XCTAssertEqual(status, 69, output)
    XCTAssertTrue(output.hasPrefix("swiftlet: another swiftlet enable, disable, "), output)
    XCTAssertEqual(try Supervisor.pids("relay"), before)
  }

  /// A terminal that is lost ends it between two processes, and tells all that it has started.
  func testAHangUpLeavesEachProcessServing() throws {
    let file = try ScratchDirectory("restart")
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let child = try ChildProcess(
      "/usr/bin/env", ["--default-signal=HUP", "setsid", program, "restart"],
      output: file("output"))
    func output() throws -> String { try String(contentsOfFile: file("output"), encoding: .utf8) }
    XCTAssertTrue(try eventually(seconds: 60) { try output().contains("1 of ") })
    XCTAssertEqual(kill(-child.pid, SIGHUP), 0)
    XCTAssertEqual(child.wait(seconds: 60), 130)
    let said = try output()
    XCTAssertTrue(said.contains("Interrupted: "), said)
    let isWhole = try eventually(seconds: 30) {
      try Supervisor.status().split(separator: "\n")
        .allSatisfy { $0.contains(" RUNNING ") || $0.hasPrefix("carry ") }
    }
    let status = try Supervisor.status()
    XCTAssertTrue(isWhole, status)
  }

  func testNothingIsRestartedForAWrongSettingOrWithoutTheServiceManager() throws {
    let before = try Supervisor.pids("")
    for (variables, status, start) in [
      (["CONSUMERS": "many"], 78, "swiftlet: CONSUMERS: "),
      (["CACHE_TTL": "x"], 78, "swiftlet: CACHE_TTL: "),
      (["SUPERVISOR_URL": "unix:///nonexistent"], 1, "swiftlet: supervisord does not answer: "),
      (["SUPERVISOR_URL": "/run/s.sock"], 78, "swiftlet: SUPERVISOR_URL: "),
    ] {
      let run = try restart(["relay"], variables)
      XCTAssertEqual(run.status, Int32(status), run.output)
      XCTAssertTrue(run.output.hasPrefix(start), run.output)
      XCTAssertEqual(run.output.split(separator: "\n").count, 1)
    }
    let unknown = try restart(["no-program"])
    XCTAssertEqual(unknown.status, 64, unknown.output)
    XCTAssertTrue(unknown.output.contains("There is no program no-program: shortener-spare, "))
    XCTAssertEqual(try Supervisor.pids(""), before)
  }
}

/// The programs of a stack.
private enum HostPrograms {
  static let names = [
    "shortener", "api", "analytics", "relay", "consumer", "invalidator", "dispatcher", "swiftlet",
  ]
  static let sections = [
    "shortener", "analytics", "invalidator", "relay", "dispatcher", "consumer",
  ]
}
