import ClickHouse
import EngineSupport
import Foundation
import TestSupport
import XCTest

/// `swiftlet backup` and `swiftlet restore`, on the servers under test and on a current ClickHouse.
final class BackupTests: XCTestCase {
  private func scratch() throws -> ScratchDirectory { try ScratchDirectory("backup") }

  func testWhatWasBackedUpIsBackOnBothServers() throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let (own, scratch) = (try OwnInstallation(clickHouse: url), try scratch())
      try own.fill()
      try own.store(41...50)
      let before = try own.contents()
      let said = try own.check("backup", scratch("b"))
      XCTAssertTrue(said.contains("3 links, 50 clicks"), said)
      try own.store(51...60)
      try own.dropDatabases()
      let restored = try own.check("restore", scratch("b"))
      XCTAssertTrue(restored.contains("Restored: 3 links, 50 clicks"), restored)
      XCTAssertEqual(try own.contents(), before)
      // A consumer goes on from the marks.
      try own.store(51...60)
      XCTAssertEqual(
        try own.client.select("SELECT count(), max(batch) FROM visits").first, ["60", "3"])
      XCTAssertFalse(FileManager.default.fileExists(atPath: scratch("b.unfinished")))
    }
  }

  /// Such as when the server is replaced by one of a current release.
  func testABackupOfAnOldServerIsRestoredIntoACurrentOne() throws {
    let (current, old, scratch) = (try CurrentEngine(), try OwnInstallation(), try scratch())
    try old.fill()
    try old.store(41...50)
    let before = try old.contents()
    try old.check("backup", scratch("b"))
    let new = try OwnInstallation(clickHouse: current.url)
    try new.check("restore", scratch("b"))
    XCTAssertEqual(try new.contents(), before)
    try new.store(51...60)
    XCTAssertEqual(
      try new.client.select("SELECT count(), max(batch) FROM visits").first, ["60", "3"])
  }

  /// Of tables that the migrations have made and nobody has filled.
  func testEmptyTablesAreReplaced() throws {
    let (own, scratch) = (try OwnInstallation(), try scratch())
    try own.fill()
    let before = try own.contents()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    try own.check("migrate")
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
  }

  func testAnOperatorsOwnEmptyTablesStay() throws {
    let (own, scratch) = (try OwnInstallation(), try scratch())
    try own.fill()
    let before = try own.contents()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    try own.check("migrate")
    _ = try own.psql(
      """
      CREATE TABLE notes (x int);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER note BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note();
      """)
    try own.client.execute("CREATE TABLE notes (x UInt8) ENGINE = MergeTree ORDER BY x")
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.contents(), before)
    _ = try own.psql("INSERT INTO notes VALUES (1)")
    XCTAssertEqual(try own.client.select("SELECT count() FROM notes").first, ["0"])
  }

  /// Clicks of earlier releases, which nobody has carried over yet.
  func testTheClicksFromBeforeTheSeamAreBack() throws {
    let (own, scratch) = (try OwnInstallation(), try scratch())
    try own.check("migrate")
    try own.client.execute(
      """
      INSERT INTO clicks_before SELECT 'old', toDateTime(1600000000 + number * 86400, 'UTC'), '192.0.2.1',
        'agent', '', toFixedString(leftPad, 16), 0, 1, number, 1 + number,
        toDate(1600000000 + number * 86400, 'UTC')
      FROM (SELECT number, substring(concat('0000000000000000', toString(number)), -16) AS leftPad
        FROM system.numbers LIMIT 20)
      """)
    try own.client.execute(
      """
      INSERT INTO clicks_by_link SELECT short_code, sumState(toUInt64(1)), uniqState(ip_address),
        maxState(timestamp), maxState(batch) FROM clicks_before GROUP BY short_code
      """)
    func old() throws -> [[String]] {
      try own.client.select("SELECT * FROM clicks_before ORDER BY event_id").map { $0 }
        + own.client.select(
          """
          SELECT short_code, sumMerge(clicks), uniqMerge(visitors), maxMerge(last_batch)
          FROM clicks_by_link GROUP BY short_code
          """
        ).map { $0 }
    }
    let before = try old()
    XCTAssertEqual(before.count, 21)
    XCTAssertTrue(try own.check("backup", scratch("b")).contains("0 links, 20 clicks"))
    try own.dropDatabases()
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try old(), before)
  }

  func testOnlyItsOwnerMayReadIt() throws {
    let (own, scratch) = (try OwnInstallation(), try scratch())
    try own.fill()
    let settings = scratch("swiftlet.env")
    try Data("BASE_URL=https://sho.rt\n".utf8).write(to: URL(fileURLWithPath: settings))
    own.environment["SWIFTLET_ENV"] = settings
    try own.check("backup", scratch("b"))
    let copy = scratch("b/settings") + settings
    XCTAssertEqual(try String(contentsOfFile: copy, encoding: .utf8), "BASE_URL=https://sho.rt\n")
    let names = try FileManager.default.subpathsOfDirectory(atPath: scratch("b"))
    XCTAssertTrue(names.contains("manifest.json"), "\(names)")
    for name in ["."] + names {
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch("b/" + name))
      let mode = attributes[.type] as? FileAttributeType == .typeDirectory ? 0o700 : 0o600
      XCTAssertEqual(attributes[.posixPermissions] as? Int, mode, name)
    }
    // The password of the DSN is in no argument, and in no file but the settings'.
    XCTAssertFalse(
      try String(contentsOfFile: scratch("b/manifest.json"), encoding: .utf8).contains("postgres:"))
  }
}
