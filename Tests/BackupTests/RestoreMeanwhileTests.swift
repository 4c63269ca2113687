import ClickHouse
import Foundation
import Glibc
import TestSupport
import XCTest

/// What happens while a restore is at work.
final class RestoreMeanwhileTests: XCTestCase {
  /// A backup of some links and clicks, and empty tables in place of them.
  private func emptied() throws -> (
    own: OwnInstallation, scratch: ScratchDirectory, before: [String]
  ) {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.fill()
    let before = try own.contents()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    try own.check("migrate")
    return (own, scratch, before)
  }

  private func said(_ scratch: ScratchDirectory) -> String {
    (try? String(contentsOfFile: scratch("said"), encoding: .utf8)) ?? ""
  }

  private func tables(_ own: OwnInstallation) throws -> [String] {
    try own.client.select(
      "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name"
    ).compactMap(\.first)
  }

  func testALinkMadeMeanwhileIsKept() throws {
    let (own, scratch, before) = try emptied()
    let transaction = try OpenTransaction(own)
    let child = try own.start("restore", scratch("b"), output: scratch("said"))
    XCTAssertTrue(try transaction.isAwaited())
    try transaction.commit()
    XCTAssertEqual(child.wait(seconds: 60), 70)
    XCTAssertTrue(
      said(scratch).contains("ERROR:  tags has rows since this restore began"),
      said(scratch))
    XCTAssertEqual(try own.psql("SELECT name FROM tags"), "meanwhile\n")
    XCTAssertFalse(try tables(own).contains { $0.hasPrefix("restoring_") })
    _ = try own.psql("DELETE FROM tags")
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
  }

  func testAnotherRestoreWaitsForItsTurn() throws {
    let (own, scratch, before) = try emptied()
    let transaction = try OpenTransaction(own)
    let child = try own.start("restore", scratch("b"), output: scratch("said"))
    XCTAssertTrue(try transaction.isAwaited())
    let other = try own.swiftlet("restore", scratch("b"))
    XCTAssertEqual(other.status, 70, other.output)
    XCTAssertTrue(other.output.contains("another restore is at work"), other.output)
    try transaction.rollBack()
    XCTAssertEqual(child.wait(seconds: 60), 0, said(scratch))
    XCTAssertEqual(try own.contents(), before)
  }

  private func holds(_ own: OwnInstallation) throws -> [String] {
    try tables(own).filter { $0.hasPrefix("clicks_hold_") }
  }

  /// Else the hold would end by itself, since ClickHouse isn't asked then.
  func testConsumersAreKeptAwayWhilePostgreSQLIsAtWork() throws {
    let (own, scratch, before) = try emptied()
    let transaction = try OpenTransaction(own)
    let child = try own.start("restore", scratch("b"), output: scratch("said"))
    XCTAssertTrue(try transaction.isAwaited())
    let first = Set(try holds(own))
    XCTAssertTrue(try eventually(seconds: 50) { try !first.isSuperset(of: holds(own)) })
    try transaction.rollBack()
    XCTAssertEqual(child.wait(seconds: 60), 0, said(scratch))
    XCTAssertEqual(try own.contents(), before)
  }

  func testASignalBeforePostgreSQLsCommitLeavesTheOldState() throws {
    let (own, scratch, before) = try emptied()
    let transaction = try OpenTransaction(own)
    let child = try own.start("restore", scratch("b"), output: scratch("said"))
    XCTAssertTrue(try transaction.isAwaited())
    // As a terminal does, which signals its programs, too.
    let children = try String(
      contentsOfFile: "/proc/\(child.pid)/task/\(child.pid)/children", encoding: .utf8)
    child.signal(SIGINT)
    for pid in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(pid, SIGINT) }
    XCTAssertEqual(child.wait(seconds: 60), 130, said(scratch))
    try transaction.rollBack()
    XCTAssertEqual(try own.psql("SELECT count(*) FROM short_urls"), "0\n")
    XCTAssertFalse(try tables(own).contains { $0.hasPrefix("restoring_") })
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
  }

  func testASignalAfterPostgreSQLsCommitIsTooLate() throws {
    let (own, scratch, before) = try emptied()
    let redis = try PrivateRedis()
    let transaction = try OpenTransaction(own)
    let child = try own.start(
      "restore", scratch("b"), with: ["REDIS_URL": redis.url], output: scratch("said"))
    XCTAssertTrue(try transaction.isAwaited())
    redis.freeze()
    try transaction.rollBack()
    XCTAssertTrue(try eventually(seconds: 60) { try tables(own).contains("seam") })
    child.signal(SIGINT)
    redis.thaw()
    XCTAssertEqual(child.wait(seconds: 60), 0, said(scratch))
    XCTAssertEqual(try own.contents(), before)
  }

  func testClicksThatDifferLeaveTheOldTables() throws {
    let (own, scratch, before) = try emptied()
    let empty = try tables(own)
    let path = scratch("b/manifest.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing(#""check":"40""#, with: #""check":"41""#)
      .write(toFile: path, atomically: false, encoding: .utf8)
    let run = try own.swiftlet("restore", scratch("b"))
    XCTAssertEqual(run.status, 65, run.output)
    XCTAssertTrue(run.output.contains("has 40 in ClickHouse now"), run.output)
    XCTAssertEqual(try tables(own), empty)
    XCTAssertEqual(try own.psql("SELECT count(*) FROM short_urls"), "0\n")
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
  }
}
