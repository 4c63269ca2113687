import TestSupport
import XCTest

@testable import swiftlet

/// `swiftlet programs`: the files of both service managers, filled in from the settings.
final class ProgramsCommandTests: XCTestCase {
  private let tool = try? CommandLineTool()
  private let plain = [
    "SWIFTLET_RUN": "", "SWIFTLET_LOG": "/tmp", "SWIFTLET_USER": "root", "SWIFTLET_GROUP": "root",
    "JOURNAL_DIR": "", "STATE_DIR": "", "DROPPED_IDS": "", "SWIFTLET_BIN": "",
  ]

  private func run(
    _ words: [String], _ variables: [String: String] = [:]
  ) throws -> CommandLineTool.Run {
    let process = try XCTUnwrap(tool)
      .process(["programs"] + words, plain.merging(variables) { _, own in own })
    try process.run()
    return CommandLineTool.finish(process)
  }

  /// The files below a directory that systemd's were written to.
  private func units(
    _ directory: ScratchDirectory, _ variables: [String: String] = [:]
  ) throws -> [String: String] {
    let run = try run(["--systemd", directory.path], variables)
    XCTAssertEqual(run.status, 0, run.complaint)
    var texts: [String: String] = [:]
    for kind in ["system", "system-generators"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: directory(kind)) {
        texts[name] = try String(contentsOfFile: directory("\(kind)/\(name)"), encoding: .utf8)
      }
    }
    return texts
  }

  func testTheTableHasEachProgramWithItsNumber() throws {
    let lines = try run([], ["ANALYTICS_WORKERS": "7"]).output.split(separator: "\n")
    XCTAssertEqual(lines.count, 1 + HostProgram.all.count)
    let row = try XCTUnwrap(lines.first { $0.hasPrefix("analytics ") })
    XCTAssertTrue(row.contains("analytics.sock") && row.contains(" 7 "), "\(row)")
  }

  func testSystemdFindsNoFaultInTheUnits() throws {
    let directory = try ScratchDirectory("units")
    let programs = TestStack.programs.path
    let texts = try units(
      directory, ["SWIFTLET_BIN": programs, "JOURNAL_DIR": "/srv/with blank/100%"])
    let verified = try Command.run(
      "/usr/bin/systemd-analyze",
      ["verify", "--man=no"]
        + texts.keys.filter { !$0.hasSuffix("generator") }.sorted()
        .map { directory("system/\($0)") })
    XCTAssertEqual(verified.status, 0, verified.output)
    XCTAssertEqual(verified.output, "")
    for (name, text) in texts where name.hasSuffix(".service") {
      XCTAssertTrue(text.contains("RestartPreventExitStatus=64 65 78\n"), name)
      XCTAssertTrue(text.contains(#"ReadWritePaths="-/srv/with blank/100%%" "#), name)
    }
  }

  func testUnitsAndSectionsTellNothingButTheSettingsFileAndTheRole() throws {
    let secret = ["PG_DSN": "postgresql://u:geheim@h/d", "SHORTENER_WORKERS": "3"]
    let texts = try units(ScratchDirectory("units"), secret)
    let sections = try run(["--supervisord"], secret).output
    for text in Array(texts.values) + [sections] { XCTAssertFalse(text.contains("geheim")) }
    let told = texts.values.flatMap { $0.matches(of: /(?m)^Environment=(.+)$/) }.map { $0.1 }
    XCTAssertEqual(Set(told.map { $0.prefix { $0 != "=" } }), ["SWIFTLET_ENV", "SHORTENER_ROLE"])
    for line in sections.matches(of: /(?m)^environment=(.+)$/) {
      XCTAssertNotNil(
        line.1.wholeMatch(of: /SWIFTLET_ENV="\/dev\/null"(,SHORTENER_ROLE="[a-z]+")?/), "\(line.1)")
    }
  }

  func testTheUnitsOfAPackageAreThoseOfTheDefaults() throws {
    let directory = try ScratchDirectory("units")
    let settings = ["SWIFTLET_BIN": "/elsewhere", "SWIFTLET_RUN": "/elsewhere"]
    XCTAssertEqual(try run(["--defaults", "--systemd", directory.path], settings).status, 0)
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: directory("system/\(name)"), encoding: .utf8)
    }
    let worker = try text("swiftlet-shortener-lookup@.service")
    XCTAssertTrue(worker.contains("\nExecStart=/usr/libexec/swiftlet/shortener\n"), worker)
    XCTAssertTrue(
      worker.contains("\nEnvironment=SWIFTLET_ENV=/etc/swiftlet/swiftlet.env\n"), worker)
    XCTAssertTrue(
      try text("swiftlet-carry.service").contains("\nExecStart=/usr/bin/swiftlet clicks carry\n"))
    XCTAssertTrue(
      try text("swiftlet-shortener.socket")
        .contains("\nListenStream=/run/swiftlet/shortener.sock\n"))
  }

  /// systemd stops units in the reverse order of their starts.
  func testAPoolStopsBeforeTheRelayWhichPublishesItsLastClicks() throws {
    for (name, text) in try units(ScratchDirectory("order")) where name.hasSuffix(".service") {
      XCTAssertEqual(
        text.contains("\nAfter=swiftlet-relay.service\n"),
        text.contains("\nStandardInput=socket\n"), name)
    }
  }

  /// As systemd calls it: with a directory, and without any variable of ours.
  func testTheGeneratorWantsAsManyProcessesAsTheSettingsSay() throws {
    let directory = try ScratchDirectory("generator")
    try """
    SHORTENER_WORKERS="2"
    SHORTENER_API_WORKERS=01
    ANALYTICS_WORKERS=0
    CONSUMERS=1
    """.write(toFile: directory("env"), atomically: true, encoding: .utf8)
    _ = try units(
      directory, ["SWIFTLET_BIN": TestStack.programs.path, "SWIFTLET_ENV": directory("env")])
    let generated = try directory.make("generated")
    let (status, output) = try Command.run(
      "/usr/bin/env", ["-i", directory("system-generators/swiftlet-generator"), generated])
    XCTAssertEqual(status, 0, output)
    let wanted = try FileManager.default
      .contentsOfDirectory(atPath: generated + "/swiftlet.target.wants").sorted()
    let pools = wanted.filter { $0.hasPrefix("swiftlet-shortener") && !$0.contains("lookup") }
    XCTAssertEqual(
      pools,
      [
        "swiftlet-shortener-api.socket", "swiftlet-shortener-api@1.service",
        "swiftlet-shortener-spare.socket", "swiftlet-shortener-spare@1.service",
        "swiftlet-shortener-spare@2.service", "swiftlet-shortener.socket",
        "swiftlet-shortener@1.service", "swiftlet-shortener@2.service",
      ])
    XCTAssertTrue(wanted.contains("swiftlet-relay.service"))
    XCTAssertFalse(wanted.contains { $0.contains("analytics") })
  }

  func testAWrongValueIsNamedInOneLineAndNothingIsWritten() throws {
    for (words, name, value) in [
      (["--supervisord"], "SWIFTLET_USER", "nobody-of-that-name"),
      (["--supervisord"], "SWIFTLET_GROUP", "no-group-of-that-name"),
      (["--supervisord"], "SWIFTLET_LOG", "/nonexistent"),
      (["--supervisord"], "SWIFTLET_BIN", "/a #b"), (["--supervisord"], "SWIFTLET_BIN", "/a\"b"),
      // A pool's socket would close with its one process.
      (["--supervisord"], "ANALYTICS_WORKERS", "1"),
      (["--systemd", "/nonexistent/units"], "JOURNAL_DIR", "/a;b"), ([], "CONSUMERS", "many"),
    ] {
      let run = try run(words, [name: value])
      XCTAssertEqual(run.status, 78, name)
      XCTAssertEqual(run.output, "")
      XCTAssertTrue(run.complaint.hasPrefix("swiftlet: \(name): "), run.complaint)
      XCTAssertEqual(run.complaint.split(separator: "\n").count, 1, run.complaint)
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: "/nonexistent"))
  }
}
