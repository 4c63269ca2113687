import ClickHouse
import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet backup` and `swiftlet restore` refuse: with one line and a status, and nothing is lost.
final class BackupRefusalTests: XCTestCase {
  private func filled() throws -> (own: OwnInstallation, scratch: ScratchDirectory) {
    let own = try OwnInstallation()
    try own.fill()
    return (own, try ScratchDirectory("backup"))
  }

  private func assertRefused(
    _ run: (status: Int32, output: String), _ status: Int32, _ text: String,
    line: UInt = #line
  ) {
    XCTAssertEqual(run.status, status, run.output, line: line)
    XCTAssertTrue(run.output.contains(text), run.output, line: line)
    XCTAssertEqual(run.output.filter { $0 == "\n" }.count, 1, run.output, line: line)
  }

  func testADirectoryThatIsNotEmptyIsNotTouched() throws {
    let (own, scratch) = try filled()
    try FileManager.default.createDirectory(
      atPath: scratch("full"), withIntermediateDirectories: false)
    try Data("x".utf8).write(to: URL(fileURLWithPath: scratch("full/x")))
    assertRefused(try own.swiftlet("backup", scratch("full")), 70, "full isn't empty")
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.path), ["full"])
    try FileManager.default.removeItem(atPath: scratch("full/x"))
    try own.check("backup", scratch("full"))
    assertRefused(try own.swiftlet("backup", scratch("full")), 70, "full isn't empty")
    try FileManager.default.createDirectory(
      atPath: scratch("b.unfinished"), withIntermediateDirectories: false)
    assertRefused(try own.swiftlet("backup", scratch("b")), 70, "b.unfinished is there")
    assertRefused(try own.swiftlet("restore", scratch("b.unfinished")), 65, "was interrupted")
    assertRefused(try own.swiftlet("restore", scratch("none")), 65, "is no backup")
  }

  func testDatabasesWithRowsAreNotTouched() throws {
    let (own, scratch) = try filled()
    try own.check("backup", scratch("b"))
    let before = try own.contents()
    assertRefused(
      try own.swiftlet("restore", scratch("b")), 70, "PostgreSQL's database has rows in api_keys")
    _ = try own.psql("TRUNCATE api_keys, short_urls, outbox, units CASCADE")
    let left = try own.swiftlet("restore", scratch("b"))
    XCTAssertEqual(left.status, 70, left.output)
    XCTAssertTrue(left.output.contains("click_journals, link_days"), left.output)
    XCTAssertEqual(try own.contents().suffix(8), before.suffix(8))
  }

  func testADamagedBackupIsNotRestored() throws {
    let (own, scratch) = try filled()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch("b/clickhouse"))
    for name in ["postgres.dump", "clickhouse/" + (try XCTUnwrap(names.first))] {
      let url = URL(fileURLWithPath: scratch("b/" + name))
      let bytes = try Data(contentsOf: url)
      var flipped = bytes
      flipped[flipped.count / 2] ^= 1
      try flipped.write(to: url)
      assertRefused(
        try own.swiftlet("restore", scratch("b")), 65, "\(name) isn't what was backed up")
      try bytes.write(to: url)
    }
    try edit(scratch("b/manifest.json"), #""format":1"#, #""format":2"#) {
      assertRefused(try own.swiftlet("restore", scratch("b")), 65, "was made by swiftlet")
    }
    try edit(scratch("b/manifest.json"), #""swiftlet":""#, #""swiftlet":"9"#) {
      assertRefused(try own.swiftlet("restore", scratch("b")), 65, "was made by swiftlet 9")
    }
    try edit(scratch("b/manifest.json"), #""schema":"#, #""schema":9"#) {
      assertRefused(try own.swiftlet("restore", scratch("b")), 65, "the backup has the migration 9")
    }
    try own.check("restore", scratch("b"))
  }

  private func edit(
    _ path: String, _ old: String, _ new: String, _ body: () throws -> Void
  ) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    XCTAssertTrue(text.contains(old), text)
    try text.replacingOccurrences(of: old, with: new)
      .write(toFile: path, atomically: false, encoding: .utf8)
    try body()
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  func testAnEngineThatIsAwayLeavesNothingHalf() throws {
    let (own, scratch) = try filled()
    try own.check("backup", scratch("b"))
    let before = try own.contents()
    let free = try Socket.freePort()
    let away = [
      "PG_DSN": "host=127.0.0.1 port=\(free) user=nobody dbname=none",
      "CLICKHOUSE_URL": "http://127.0.0.1:\(free)/none",
    ]
    for (name, value) in away {
      let run = try own.swiftlet("backup", scratch("other"), with: [name: value])
      XCTAssertEqual(run.status, 69, run.output)
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.path), ["b"])
    XCTAssertEqual(try own.contents(), before)
    try own.dropDatabases()
    let redis = ["REDIS_URL": "redis://127.0.0.1:\(free)"]
    for other in away.map({ [$0.key: $0.value] }) + [redis] {
      let run = try own.swiftlet("restore", scratch("b"), with: other)
      XCTAssertEqual(run.status, 69, run.output)
    }
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
  }

  /// At each step of a backup, until the disk has room for it.
  func testAFullDiskLeavesNothingHalf() throws {
    let (own, scratch) = try filled()
    XCTAssertEqual(geteuid(), 0, "only root can mount a small file system")
    let disk = try scratch.make("disk")
    var refusals = 0
    for size in stride(from: 16, to: 1000, by: 12) {
      try Command.check("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)k", "tmpfs", disk])
      defer { _ = try? Command.run("/usr/bin/umount", [disk]) }
      let run = try own.swiftlet("backup", disk + "/b")
      if run.status == 0 { break }
      refusals += 1
      XCTAssertEqual(run.status, 74, run.output)
      XCTAssertTrue(run.output.contains("No space left"), run.output)
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: disk), [])
    }
    XCTAssertGreaterThan(refusals, 3)
    XCTAssertLessThan(refusals, 80)
    // Nobody is held.
    try own.store(41...50)
  }

  func testOneOfSeveralBackupsAtOnceHasTheDirectory() throws {
    let (own, scratch) = try filled()
    let children = try (0..<4).map { number in
      try own.start("backup", scratch("b"), output: scratch("said\(number)"))
    }
    let statuses = children.map { $0.wait(seconds: 60) }
    XCTAssertEqual(statuses.filter { $0 == 0 }.count, 1, "\(statuses)")
    XCTAssertEqual(statuses.filter { $0 == 70 }.count, 3, "\(statuses)")
    try own.dropDatabases()
    try own.check("restore", scratch("b"))
  }

  /// PostgreSQL was started anew while clicks were copied.
  func testABackupWithoutTheLockOfTheCarryIsNone() throws {
    let (own, scratch) = try filled()
    // They take some seconds, and the backup waits for them.
    for number in 1...5 {
      try own.client.execute("ALTER TABLE visits DELETE WHERE sleep(1) = \(number)")
    }
    let child = try own.start("backup", scratch("b"), output: scratch("said"))
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try own.client.select(
          """
          SELECT count() FROM system.tables
          WHERE database = currentDatabase() AND name LIKE 'clicks_gate_%'
          """
        ).first == ["1"]
          && own.psql(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'swiftlet-backup'
            """) == "1\n"
      })
    XCTAssertEqual(child.wait(seconds: 60), 69)
    let said = try String(contentsOfFile: scratch("said"), encoding: .utf8)
    XCTAssertTrue(said.contains("PostgreSQL has ended the session"), said)
    XCTAssertFalse(FileManager.default.fileExists(atPath: scratch("b")))
    try own.check("backup", scratch("b"))
  }

  func testABackupThatIsInterruptedHoldsNobody() throws {
    let (own, scratch) = try filled()
    // Ctrl-C, and the end of the terminal.
    for (name, signal) in [("b", SIGINT), ("c", SIGHUP)] {
      let unfinished = scratch("\(name).unfinished")
      let child = try ChildProcess(
        "/usr/bin/env",
        [
          "--default-signal=HUP", TestStack.programs.appendingPathComponent("swiftlet").path,
          "backup", scratch(name),
        ],
        environment: own.environment, output: scratch("said"))
      XCTAssertTrue(
        eventually(seconds: 30) { FileManager.default.fileExists(atPath: unfinished) })
      child.signal(signal)
      let status = child.wait(seconds: 60)
      // It may have been done by then.
      XCTAssertTrue(status == 130 || status == 0, "\(String(describing: status))")
      XCTAssertFalse(FileManager.default.fileExists(atPath: unfinished))
    }
    try own.store(41...50)
  }
}
