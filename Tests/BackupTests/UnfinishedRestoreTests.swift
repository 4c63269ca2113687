import ClickHouse
import Foundation
import TestSupport
import XCTest

/// A restore that fails after PostgreSQL's commit: it says what is in place, and goes on when it is run again.
final class UnfinishedRestoreTests: XCTestCase {
  private var before: [String] = []

  /// Something that a restore doesn't remove has the name of a table.
  private func fail() throws -> (OwnInstallation, ScratchDirectory) {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.fill()
    before = try own.contents()
    try own.check("backup", scratch("the b"))
    try own.dropDatabases()
    try own.makeDatabase()
    try own.client.execute("CREATE TABLE link_days (x UInt8) ENGINE = Null")
    let run = try own.swiftlet("restore", scratch("the b"))
    XCTAssertEqual(run.status, 70, run.output)
    XCTAssertTrue(
      run.output.contains(
        "PostgreSQL has the links of the backup, and in ClickHouse these tables still have names with "
          + "restoring_: link_days, "), run.output)
    XCTAssertTrue(
      run.output.contains("run swiftlet restore '\(scratch("the b"))' again"), run.output)
    XCTAssertEqual(try own.psql("SELECT count(*) FROM short_urls"), "3\n")
    try own.client.execute("DROP TABLE link_days")
    return (own, scratch)
  }

  private func assertRestored(_ own: OwnInstallation, _ scratch: ScratchDirectory) throws {
    try own.check("restore", scratch("the b"))
    XCTAssertEqual(try own.contents(), before)
    // It is done: another one would be over its rows.
    XCTAssertEqual(try own.swiftlet("restore", scratch("the b")).status, 70)
  }

  func testItGoesOn() throws {
    let (own, scratch) = try fail()
    try assertRestored(own, scratch)
  }

  /// Else the tables that it makes would get clicks, and the restore couldn't go on.
  func testNothingIsMigratedNorStoredUntilItIsDone() throws {
    let (own, scratch) = try fail()
    let run = try own.swiftlet("migrate")
    XCTAssertEqual(run.status, 70, run.output)
    XCTAssertTrue(
      run.output.contains("a restore isn't done: run swiftlet restore '\(scratch("the b"))' again"),
      run.output)
    XCTAssertThrowsError(try own.store(51...60))
    try assertRestored(own, scratch)
    try own.check("migrate")
    try own.store(51...60)
  }

  func testDoctorNamesTheCommandThatEndsIt() throws {
    let (own, scratch) = try fail()
    own.environment["BASE_URL"] = "http://127.0.0.1:\(try Socket.freePort())"
    let finding = try XCTUnwrap(DoctorReport(environment: own.environment)["restore"])
    XCTAssertEqual(finding["state"], "failed")
    XCTAssertEqual(
      finding["advice"],
      "run it again as the programs' user: swiftlet restore '\(scratch("the b"))'")
    try assertRestored(own, scratch)
    let report = try DoctorReport(environment: own.environment)
    XCTAssertNil(report["restore"])
    try report.assertOK("schema")
  }

  private func makeLinkDays(_ own: OwnInstallation) throws {
    try own.client.execute("CREATE TABLE link_days (x UInt8) ENGINE = MergeTree ORDER BY x")
  }

  func testEmptyTablesThatWereMadeSinceAreReplaced() throws {
    let (own, scratch) = try fail()
    try makeLinkDays(own)
    try assertRestored(own, scratch)
  }

  func testRowsThatWereStoredSinceAreKept() throws {
    let (own, scratch) = try fail()
    try makeLinkDays(own)
    try own.client.execute("INSERT INTO link_days VALUES (1)")
    let run = try own.swiftlet("restore", scratch("the b"))
    XCTAssertEqual(run.status, 70, run.output)
    XCTAssertTrue(run.output.contains("ClickHouse has new rows in link_days"), run.output)
    XCTAssertEqual(try own.client.select("SELECT count() FROM link_days").first, ["1"])
  }

  func testItGoesOnWhenRedisIsBack() throws {
    let (own, scratch) = try fail()
    let free = try Socket.freePort()
    let run = try own.swiftlet(
      "restore", scratch("the b"), with: ["REDIS_URL": "redis://127.0.0.1:\(free)"])
    XCTAssertEqual(run.status, 69, run.output)
    try assertRestored(own, scratch)
  }
}
