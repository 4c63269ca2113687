import EngineSupport
import Foundation
import Links
import Migrations
import Postgres
import TestSupport
import XCTest

/// The migration that makes room for longer slugs, on a table of the release before it.
final class SlugMigrationTests: XCTestCase {
  private var directory = ""
  private static let migration = "0003_widen_short_code"

  override func setUpWithError() throws {
    directory = NSTemporaryDirectory() + "swiftlet-before-slugs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: directory + "/postgres", withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(
      atPath: ScratchPostgres.migrations + "/postgres")
    where name < Self.migration {
      try FileManager.default.copyItem(
        atPath: "\(ScratchPostgres.migrations)/postgres/\(name)",
        toPath: "\(directory)/postgres/\(name)")
    }
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(atPath: directory)
  }

  /// Applies this migration to a database of the release before it, and no later one.
  private func migrate(_ database: ScratchPostgres) throws {
    let file = "/postgres/\(Self.migration).sql"
    if !FileManager.default.fileExists(atPath: directory + file) {
      try FileManager.default.copyItem(
        atPath: ScratchPostgres.migrations + file, toPath: directory + file)
    }
    try Migrator(
      postgres: PostgresMigrations(database.settings()), others: [], directory: directory
    ).migrate { _ in }
  }

  private func files(_ admin: Postgres.Connection) throws -> [Int64] {
    try admin.executeOnce(
      """
      SELECT pg_relation_filenode(c.oid)::int8 FROM pg_class AS c WHERE c.oid = 'short_urls'::regclass
      OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'short_urls'::regclass) ORDER BY 1
      """, "look", timeoutMilliseconds: 10_000
    ).map { row throws(PostgresError) in try row.integer() }
  }

  func testTheTableAndItsIndexesStayTheSameFilesAndRunningProgramsGoOn() throws {
    let database = try ScratchPostgres(migrations: directory)
    let admin = try database.admin()
    let program = OldProgram(try database.session())
    let link = Link(
      id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "http://e.org/"))
    try program.insert(link)
    // From here on this program has its statements prepared.
    XCTAssertEqual(try program.find(link.key), link)
    let before = try files(admin)
    XCTAssertEqual(before.count, 3)

    try migrate(database)
    XCTAssertEqual(try files(admin), before)
    XCTAssertEqual(try program.find(link.key), link)
    let long = try XCTUnwrap(Slug(String(repeating: "a", count: 255)))
    let longest = Link(
      id: SnowflakeID(rawValue: 1), key: LinkKey(long), destination: link.destination,
      createdAt: 1000)
    try program.insert(longest)
    XCTAssertEqual(try program.find(longest.key), longest)
    let collations = try admin.executeOnce(
      """
      SELECT collation_name FROM information_schema.columns
      WHERE table_name = 'short_urls' AND column_name = 'short_code'
      """, "look", timeoutMilliseconds: 10_000
    ).map { row throws(PostgresError) in try row.text() }
    XCTAssertEqual(collations, ["C"])
  }

  /// Else every look-up would wait behind the migration.
  func testItGivesUpSoonWhileALongTransactionHasTheTableAndCanBeRunAgain() throws {
    let database = try ScratchPostgres(migrations: directory)
    let admin = try database.admin()
    try admin.executeScript(
      unsafe: "BEGIN; SELECT 1 FROM short_urls", "read", timeoutMilliseconds: 10_000)
    let error = try assertThrows(MigrationError.self) { try migrate(database) }
    XCTAssertTrue(error.description.contains("lock timeout"), error.description)
    try admin.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 10_000)
    try migrate(database)
  }
}
