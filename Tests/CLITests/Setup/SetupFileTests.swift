import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet setup` does to the settings file, as operators have it.
final class SetupFileTests: SetupTestCase {
  /// The lines of the bench with a RABBITMQ_URL without a password.
  private func lines(_ bench: SetupBench) throws -> (lines: [String], url: String) {
    let url = try XCTUnwrap(bench.line("RABBITMQ_URL")).replacing(":secret@", with: "@")
    let text = try String(contentsOfFile: bench.file, encoding: .utf8)
    return (text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("RABBITMQ") }, url)
  }

  func testAllButThePasswordStaysAsItWas() throws {
    let bench = try XCTUnwrap(bench)
    let (lines, url) = try lines(bench)
    // From an editor of Windows, twice the same name, for a shell as well, and behind a link.
    let before = """
      \u{FEFF}\(lines.joined(separator: "\r\n"))\r
      RABBITMQ_URL=amqp://nobody@192.0.2.1/none\r
       export  RABBITMQ_URL = "\(url)" \r
      # the end: über
      """
    try FileManager.default.removeItem(atPath: bench.file)
    _ = try bench.scratch.make("elsewhere")
    let target = bench.scratch("elsewhere/settings")
    try Data(before.utf8).write(to: URL(fileURLWithPath: target))
    try FileManager.default.createSymbolicLink(
      atPath: bench.file, withDestinationPath: "elsewhere/settings")
    XCTAssertEqual(chmod(target, 0o604), 0)
    XCTAssertEqual(chown(target, 1, 2), 0)

    let run = try bench.run("--postgres-admin", bench.admin)
    XCTAssertEqual(run.status, 0, run.output + run.complaint)
    // Foundation reads no byte order mark.
    let after = String(decoding: try Data(contentsOf: URL(fileURLWithPath: target)), as: UTF8.self)
    let password = try XCTUnwrap(after.firstMatch(of: /:([A-Za-z0-9]{32})@/)?.1)
    XCTAssertEqual(after.replacing(":\(password)@", with: "@"), before)
    XCTAssertEqual(
      try FileManager.default.destinationOfSymbolicLink(atPath: bench.file), "elsewhere/settings")
    var status = stat()
    XCTAssertEqual(stat(target, &status), 0)
    XCTAssertEqual([status.st_uid, status.st_gid, status.st_mode & 0o7777], [1, 2, 0o604])
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: bench.scratch("elsewhere")), ["settings"])
  }

  func testAFullDiskLeavesTheFileWhole() throws {
    let bench = try XCTUnwrap(bench)
    XCTAssertEqual(geteuid(), 0, "only root can mount a small file system")
    let (lines, url) = try lines(bench)
    let disk = try bench.scratch.make("disk")
    try Command.check("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", disk])
    defer { _ = try? Command.run("/usr/bin/umount", [disk]) }
    let file = disk + "/settings"
    let before = (lines + ["RABBITMQ_URL=\(url)", ""]).joined(separator: "\n")
    try before.write(toFile: file, atomically: false, encoding: .utf8)
    try "x".write(toFile: disk + "/full", atomically: false, encoding: .utf8)
    let run = try bench.run("--postgres-admin", bench.admin, with: ["SWIFTLET_ENV": file])
    XCTAssertEqual(run.status, 74, run.output + run.complaint)
    XCTAssertTrue(run.complaint.contains("No space left on device"), run.complaint)
    XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), before)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: disk).sorted(), ["full", "settings"])
  }

  func testAValueOfTheEnvironmentIsNotCompletedInTheFile() throws {
    let bench = try XCTUnwrap(bench)
    let (_, url) = try lines(bench)
    let before = try String(contentsOfFile: bench.file, encoding: .utf8)
    let run = try bench.run("--postgres-admin", bench.admin, with: ["RABBITMQ_URL": url])
    XCTAssertEqual(run.status, 78, run.complaint)
    XCTAssertTrue(run.complaint.contains("RABBITMQ_URL has no password"), run.complaint)
    XCTAssertEqual(try String(contentsOfFile: bench.file, encoding: .utf8), before)
  }

  func testASecondRunAtTheSameTimeIsRefused() throws {
    let bench = try XCTUnwrap(bench)
    let other = open(bench.scratch.path, O_RDONLY | O_CLOEXEC)
    XCTAssertEqual(flock(other, LOCK_EX), 0)
    let run = try bench.run()
    XCTAssertEqual(run.status, 69, run.complaint)
    XCTAssertTrue(run.complaint.contains("another swiftlet setup is under way"), run.complaint)
    XCTAssertEqual(try bench.run("--dry-run", "--postgres-admin", bench.admin).status, 0)
    close(other)
    XCTAssertEqual(try bench.run("--postgres-admin", bench.admin).status, 0)
  }

  func testAFileThatIsNoneIsOneClearLine() throws {
    let bench = try XCTUnwrap(bench)
    for path in [bench.scratch.path, bench.scratch("none"), "/proc/self/mem"] {
      let run = try bench.run(with: ["SWIFTLET_ENV": path])
      XCTAssertEqual(run.status, 78, run.complaint)
      XCTAssertTrue(run.complaint.contains("FAILED: SWIFTLET_ENV: \"\(path)\""), run.complaint)
    }
  }
}
