import ClickHouse
import EngineSupport
import Foundation
import TestSupport
import XCTest

@testable import Migrations
@testable import Pipeline

/// A server of 18.16 that was killed during a RENAME.
///
/// It has the data under the new name without a table, and an empty table of the old name.
///
/// Servers whose directories don't have the table's name rename at once, and are left out.
final class KilledRenameTests: XCTestCase {
  private func migration() throws -> Migration {
    let file = "0004_key_visits_by_link.sql"
    return try Migration(
      engine: .clickHouse, file: file, text: Repository.text("migrations/clickhouse/\(file)"))
  }

  /// A database of the release before with 20 clicks, as such a server starts with it.
  ///
  /// - Returns: Nil on a server that has no such directories.
  private func killedServer() throws -> (Workbench, ClickHouseMigrations)? {
    let bench = try Workbench(migratedTo: 3)
    let target = try ClickHouseMigrations(bench.settings())
    try target.prepare()
    try store(20, in: bench, batch: 1)
    let database = bench.client.address.database
    let directory = try TestStack.value("VAR") + "/clickhouse/data/data/" + database
    guard try bench.client.serverVersion() < ServerVersion(major: 20, minor: 5) else { return nil }
    XCTAssertTrue(FileManager.default.fileExists(atPath: directory + "/clicks"), directory)
    try bench.client.execute("RENAME TABLE clicks TO clicks_before")
    try bench.client.execute("DETACH TABLE clicks_before")
    try bench.client.execute(
      """
      CREATE TABLE clicks (short_code String, timestamp DateTime('UTC'), ip_address String, \
      user_agent String, referrer String, event_id FixedString(16), retried UInt8, journal UInt64, \
      journal_offset UInt64, batch UInt64, ingest_day Date) \
      ENGINE = MergeTree PARTITION BY ingest_day ORDER BY (short_code, timestamp)
      """)
    let metadata = directory.replacingOccurrences(of: "/data/data/", with: "/data/metadata/")
    try FileManager.default.removeItem(atPath: metadata + "/clicks_before.sql")
    XCTAssertThrowsError(try bench.client.execute("RENAME TABLE clicks TO clicks_before")) {
      XCTAssertTrue(ClickHouseError.Code.directoryAlreadyExists ~= $0, "\($0)")
    }
    return (bench, target)
  }

  private func store(_ clicks: Int, in bench: Workbench, batch: Int) throws {
    try bench.client.execute(
      """
      INSERT INTO clicks (short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, \
      journal, journal_offset, batch, ingest_day) \
      SELECT 'a', toDateTime(1763841000, 'UTC'), '192.0.2.1', '', 'r', \
      toFixedString(toString(number), 16), 0, 1, number, \(batch), toDate('2025-11-22') \
      FROM numbers(\(clicks))
      """)
  }

  func testTheDataAreAttachedUnderTheirNewName() throws {
    guard let (bench, target) = try killedServer() else { return }
    try target.apply(migration(), checksum: "")
    XCTAssertEqual(try bench.number("SELECT count() FROM clicks_before"), 20)
    for table in ["clicks", "clicks_since"] {
      XCTAssertEqual(try bench.number("EXISTS TABLE \(identifier: table)"), 0, table)
    }
    try target.apply(migration(), checksum: "")
    XCTAssertEqual(try bench.number("SELECT count() FROM clicks_before"), 20, "again")
  }

  func testRowsThatWereStoredSinceAreNotOverlooked() throws {
    guard let (bench, target) = try killedServer() else { return }
    try store(5, in: bench, batch: 2)
    for _ in 0..<2 {
      XCTAssertThrowsError(try target.apply(migration(), checksum: "")) { error in
        XCTAssertTrue("\(error)".contains("clicks_since has rows"), "\(error)")
      }
    }
    try bench.client.execute("INSERT INTO clicks_before SELECT * FROM clicks_since")
    try bench.client.execute("DROP TABLE clicks_since")
    try target.apply(migration(), checksum: "")
    XCTAssertEqual(try bench.number("SELECT count() FROM clicks_before"), 25)
  }
}
