import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet doctor` says of this host's directories and processes, and that its advice cures it.
final class DoctorHostTests: XCTestCase {
  /// Directories of a host, as the programs make them.
  private func host() throws -> (ScratchDirectory, variables: [String: String]) {
    let directory = try ScratchDirectory("doctor")
    let journals = try directory.make("journal")
    XCTAssertEqual(mkdir(directory("state"), 0o711), 0)
    return (directory, ["JOURNAL_DIR": journals, "STATE_DIR": directory("state")])
  }

  func testDroppedClicksAreAWarningForAnHour() throws {
    let (directory, variables) = try host()
    let line = String(repeating: "0", count: 20) + "\n"
    let count = String(repeating: "0", count: 19) + "7\n"
    let counter = directory("state/dropped")
    try (count + String(repeating: line, count: 127)).write(
      toFile: counter, atomically: false, encoding: .utf8)
    try DoctorReport(variables).assert(
      "dropped clicks", "warning", "7 clicks could not be written, the last",
      "make room on the disk of JOURNAL_DIR")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: counter)
    let later = try DoctorReport(variables)
    try later.assertOK("dropped clicks")
    try later.assert("dropped clicks", "ok", "7 clicks could not be written", "")
  }

  func testAPieceInQuarantineIsToldUntilItIsRemoved() throws {
    let (directory, variables) = try host()
    let piece = try directory.make("state/quarantine") + "/piece"
    try "no click".write(toFile: piece, atomically: false, encoding: .utf8)
    try DoctorReport(variables).assert(
      "quarantine", "warning", "1 parts of journals are no clicks", "remove what you have seen")
    XCTAssertEqual(unlink(piece), 0)
    XCTAssertNil(try DoctorReport(variables)["quarantine"])
  }

  func testAStateThatOthersMayWriteToIsToldUntilItIsTheProgramsAlone() throws {
    let (directory, variables) = try host()
    XCTAssertEqual(chmod(directory("state"), 0o777), 0)
    try DoctorReport(variables).assert(
      "state", "failed", "may be written to by others", "install -d -o USER -m 0711")
    try Command.check("/usr/bin/install", ["-d", "-o", "root", "-m", "0711", directory("state")])
    XCTAssertNil(try DoctorReport(variables)["state"])
  }

  func testADiskWithLittleRoomIsToldAndOneWithoutAnyFails() throws {
    let (directory, variables) = try host()
    let journals = directory("journal")
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    func output(_ size: String) throws -> String {
      let script = "mount -t tmpfs -o size=\(size) none \(journals) && exec \(program) doctor"
      return try Command.output(
        "/usr/bin/unshare", ["-m", "/bin/sh", "-c", script],
        environment: CommandLineTool().environment.merging(variables) { $1 })
    }
    for (size, line, advice) in [
      ("64m", "warning  room for journals: ", "-> make room"),
      ("1m", "FAILED   room for journals: 1024 KiB are free: clicks are dropped", "at once"),
    ] {
      let text = try output(size)
      XCTAssertTrue(text.contains(line), text)
      XCTAssertTrue(text.contains(advice), text)
    }
    try DoctorReport(variables).assertOK("room for journals")
  }

  /// A process keeps the groups that its user had when it was started.
  func testARelayWithoutTheGroupOfTheJournalsIsToldUntilItIsRestarted() throws {
    let directory = try ScratchDirectory("doctor")
    XCTAssertEqual(chmod(directory.path, 0o755), 0)
    let journals = try directory.make("journal")
    let (user, group) = (try XCTUnwrap(getpwnam("nobody")), try XCTUnwrap(getgrnam("www-data")))
    let (uid, gid) = (user.pointee.pw_uid, group.pointee.gr_gid)
    XCTAssertEqual(chown(journals, uid, gid), 0)
    let program = directory("relay")
    try FileManager.default.copyItem(
      atPath: TestStack.programs.appendingPathComponent("relay").path, toPath: program)
    let variables = ["JOURNAL_DIR": journals, "STATE_DIR": directory("state"), "FAST_PATH": "1"]
    func relay(_ groups: String...) throws -> ChildProcess {
      let words = ["--reuid", "\(uid)", "--regid", "\(uid)"] + groups + [program]
      let process = try ChildProcess(
        "/usr/bin/setpriv", words,
        environment: [
          "JOURNAL_DIR": journals, "STATE_DIR": directory("state"), "SWIFTLET_ENV": "/dev/null",
          "RABBITMQ_URL": "amqp://guest:guest@127.0.0.1:1/%2F",
        ], output: "/dev/null")
      let name = "/proc/\(process.pid)/comm"
      XCTAssertTrue(
        eventually(seconds: 20) {
          (try? String(contentsOfFile: name, encoding: .utf8)) == "relay\n"
        })
      return process
    }
    XCTAssertEqual(mkdir(directory("state"), 0o711), 0)
    XCTAssertEqual(chown(directory("state"), uid, uid), 0)
    do {
      let process = try relay("--clear-groups")
      defer { _ = process.wait(seconds: 20) }
      defer { process.signal(SIGKILL) }
      try DoctorReport(variables).assert(
        "fast path", "failed",
        "the relay (process \(process.pid)) is not in the group www-data of \(journals)",
        "usermod -a -G www-data USER), then swiftlet restart relay")
    }
    let process = try relay("--groups", "\(gid)")
    defer { process.signal(SIGKILL) }
    let cured = try DoctorReport(variables)["fast path"]
    XCTAssertNotEqual(cured?["state"], "failed", "\(cured ?? [:])")
  }
}
