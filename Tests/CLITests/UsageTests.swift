import Foundation
import TestSupport
import XCTest

final class UsageTests: XCTestCase {
  func testEveryCommandExplainsItself() throws {
    let tool = try CommandLineTool()
    for command in [
      [], ["migrate"], ["migrate", "status"], ["shorten"], ["resolve"], ["stats"], ["doctor"],
      ["setup"], ["settings"], ["site"], ["openapi"], ["agents"], ["agents", "show"],
      ["agents", "update"],
      ["link"], ["link", "edit"], ["link", "disable"],
      ["link", "enable"], ["link", "delete"],
    ] {
      let process = tool.process(command + ["--help"])
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 0)
      XCTAssertTrue(run.output.contains("USAGE: swiftlet"), "\(command)")
    }
    XCTAssertEqual(try tool.run("--version").status, 0)
    XCTAssertEqual(try tool.run("nonsense").status, 64)
  }

  func testAWrongSettingIsNamedInOneLine() throws {
    let tool = try CommandLineTool()
    for (name, value) in [
      ("REDIS_URL", "redis://h:x"), ("CLICKHOUSE_URL", "gopher://h"), ("CACHE_TTL", "soon"),
    ] {
      let run = try tool.run("doctor", with: [name: value])
      let failed = try tool.run("shorten", "http://example.org/", with: [name: value])
      XCTAssertTrue([run.status, failed.status].contains(78), "\(name): \(run)")
      XCTAssertTrue((run.complaint + failed.complaint).contains("swiftlet: \(name): "), name)
    }
  }

  func testDoctorSaysWhatIsNotWellAndWhatToDo() throws {
    let tool = try CommandLineTool()
    let run = try tool.run(
      "doctor", "--json",
      with: [
        "REDIS_URL": "redis://127.0.0.1:1/0", "PG_DSN": "postgresql:///x?host=/nonexistent",
        "RABBITMQ_URL": "amqp://127.0.0.1:1/%2F", "JOURNAL_DIR": "/nonexistent",
        "STATE_DIR": "/nowhere",
        "SWIFTLET_RUN": "/nonexistent", "BASE_URL": "http://127.0.0.1:1",
        "CLICKHOUSE_URL": "http://127.0.0.1:1/x",
      ])
    XCTAssertEqual(run.status, 1)
    let findings = try run.json.elements
    XCTAssertGreaterThan(findings.count, 8)
    // Neither is at fault.
    let sound = ["settings", "nginx release"]
    for finding in try findings.filter({ try !sound.contains($0["subject"].text) }) {
      // Without an invalidator a host serves on, and goes by its memory for half a second only.
      let isServing = try finding["subject"].text == "changes of links"
      XCTAssertEqual(
        try finding["state"].text, isServing ? "warning" : "failed", "\(finding)")
      XCTAssertFalse(try finding["advice"].text.isEmpty)
      XCTAssertFalse(try finding["detail"].text.contains("\n"), "\(finding)")
    }
  }

  func testDoctorFindsTheRunningStackWell() throws {
    let tool = try CommandLineTool()
    var own: [String: String] = [:]
    for name in ["PG_DSN", "CLICKHOUSE_URL", "REDIS_URL", "BASE_URL"] {
      own[name] = try TestStack.value(name)
    }
    let run = try tool.run("doctor", with: own)
    XCTAssertEqual(run.status, 0, run.output + run.complaint)
    for subject in ["RabbitMQ", "queue click_events", "schema", "pool analytics", "journals"] {
      XCTAssertTrue(run.output.contains("ok       \(subject): "), run.output)
    }
  }

  func testItIsBuiltWithoutTheWholeOfFoundation() throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let libraries = try Command.output("/usr/bin/ldd", [program])
    XCTAssertFalse(libraries.contains("libFoundation.so"), libraries)
    for library in ["libpq", "libhiredis", "librabbitmq", "libcurl"] {
      XCTAssertTrue(libraries.contains(library), library)
    }
  }
}
