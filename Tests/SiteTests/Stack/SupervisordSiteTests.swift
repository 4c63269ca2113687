import Foundation
import TestSupport
import XCTest

/// Debian's supervisord with the sections that `swiftlet programs --supervisord` prints, as a machine has
/// them in /etc/supervisor/conf.d.
final class SupervisordSiteTests: XCTestCase {
  private var directory = ""
  private let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path

  override func setUpWithError() throws {
    directory = "/tmp/swiftlet-supervisord-\(UUID().uuidString.prefix(8))"
    for name in ["conf.d", "log"] {
      try FileManager.default.createDirectory(
        atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
    }
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(atPath: directory)
  }

  private func word(_ option: String) throws -> String {
    try Command.output("/usr/bin/id", [option]).trimmingCharacters(in: .newlines)
  }

  private func sections(_ variables: [String: String]) throws -> (status: Int32, output: String) {
    let own = [
      "SWIFTLET_ENV": "/dev/null", "SWIFTLET_BIN": "/nonexistent", "SWIFTLET_RUN": directory,
      "SWIFTLET_LOG": directory + "/log", "SWIFTLET_USER": try word("-un"),
      "SWIFTLET_GROUP": try word("-gn"),
    ]
    return try Command.run(
      swiftlet, ["programs", "--supervisord"],
      environment: own.merging(variables) { _, other in other })
  }

  func testWithoutAnyVariableTheOtherProgramsOfTheMachineStart() throws {
    let (status, output) = try sections([:])
    XCTAssertEqual(status, 0, output)
    try output.write(
      toFile: directory + "/conf.d/swiftlet.conf", atomically: true, encoding: .utf8)
    try """
    [supervisord]
    nodaemon=true
    logfile=\(directory)/supervisord.log
    pidfile=\(directory)/supervisord.pid
    childlogdir=\(directory)
    [include]
    files=\(directory)/conf.d/*.conf
    [program:neighbour]
    command=/bin/sh -c "echo up >\(directory)/neighbour; exec sleep 600"
    """.write(toFile: directory + "/supervisord.conf", atomically: true, encoding: .utf8)
    let supervisord = try ChildProcess(
      "/usr/bin/env", ["-i", "/usr/bin/supervisord", "-c", directory + "/supervisord.conf"],
      output: directory + "/supervisord.out")
    defer {
      supervisord.signal(SIGTERM)
      _ = supervisord.wait(seconds: 30)
    }
    let started = eventually(seconds: 20) {
      FileManager.default.fileExists(atPath: directory + "/neighbour")
    }
    let log = try String(contentsOfFile: directory + "/supervisord.out", encoding: .utf8)
    XCTAssertTrue(started, log)
  }

  func testTheCarryRestsWhenItIsDoneAndEveryOtherProgramIsStartedAnew() throws {
    let (status, output) = try sections([:])
    XCTAssertEqual(status, 0, output)
    let parts = output.components(separatedBy: "\n[").dropFirst()
    XCTAssertGreaterThan(parts.count, 5)
    for part in parts {
      let isCarry = part.hasPrefix("program:carry]")
      XCTAssertEqual(part.contains(#"/swiftlet" clicks carry"#), isCarry, part)
      XCTAssertTrue(part.contains("autorestart=\(isCarry ? "unexpected" : "true")\n"), part)
    }
  }

  func testTheSocketsAreWhereOneFileOfSettingsSaysForNginxAndForSupervisord() throws {
    let settings = directory + "/env"
    try """
    SWIFTLET_RUN=/srv/sockets
    SWIFTLET_LOG=\(directory)/log
    SWIFTLET_USER=\(word("-un"))
    SWIFTLET_GROUP=\(word("-gn"))
    SHORTENER_SPARE_WORKERS=08
    """.write(toFile: settings, atomically: true, encoding: .utf8)
    let pools = ["shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics"]
    for (command, place) in [
      (["site"], "unix:/srv/sockets/"), (["programs", "--supervisord"], "unix:///srv/sockets/"),
    ] {
      // The stack's own is in this process' environment.
      let (status, output) = try Command.run(
        "/usr/bin/env", ["-u", "SWIFTLET_RUN", "-u", "SWIFTLET_LOG", swiftlet] + command,
        environment: ["SWIFTLET_ENV": settings])
      XCTAssertEqual(status, 0, output)
      for pool in pools {
        XCTAssertTrue(output.contains("\(place)\(pool).sock"), "\(command): \(pool)")
      }
    }
  }
}
