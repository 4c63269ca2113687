import EngineSupport
import Foundation
import Migrations
import Postgres
import Service
import TestSupport
import XCTest

/// The migrator on PostgreSQL, with directories of migrations of the test's own.
final class MigratorTests: XCTestCase {
  private var database: ScratchPostgres?
  private var directory = ""

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    directory = NSTemporaryDirectory() + "swiftlet-migrations-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: ScratchPostgres.migrations, toPath: directory)
  }

  override func tearDownWithError() throws {
    database = nil
    try FileManager.default.removeItem(atPath: directory)
  }

  private func migrator() throws -> Migrator {
    Migrator(
      postgres: PostgresMigrations(try XCTUnwrap(database).settings()), others: [],
      directory: directory)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(directory)/postgres/\(name).sql", atomically: true, encoding: .utf8)
  }

  private func newest() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: directory + "/postgres").count
  }

  private func name(_ offset: Int, _ rest: String) throws -> String {
    String(format: "%04d_", try newest() + offset) + rest
  }

  private func migrate() throws -> [Migrator.Step] {
    var steps: [Migrator.Step] = []
    try migrator().migrate { steps.append($0) }
    return steps
  }

  func testWhatIsAppliedIsNotAppliedAgain() throws {
    XCTAssertTrue(try migrate().isEmpty)
    XCTAssertTrue(
      try migrator().status().allSatisfy {
        if case .applied = $0.state { true } else { false }
      })
  }

  func testALookChangesNothing() throws {
    let name = try name(1, "create_more")
    try write(name, "CREATE TABLE more (n int);")
    XCTAssertEqual(try migrator().status().last?.state, .pending)
    XCTAssertEqual(try migrator().status().last?.state, .pending)
    XCTAssertEqual(try migrate().map(\.name), [name])
  }

  func testAFileThatHasChangedIsRefusedBeforeAnythingIsApplied() throws {
    try write(try name(1, "create_more"), "CREATE TABLE more (n int);")
    let first = directory + "/postgres/0001_create_short_urls.sql"
    let text = try String(contentsOfFile: first, encoding: .utf8)
    try (text + "\n-- a word more\n").write(toFile: first, atomically: true, encoding: .utf8)
    let error = try assertThrows(MigrationError.self) { _ = try migrate() }
    XCTAssertEqual(error.kind, .files)
    XCTAssertTrue(error.description.contains("0001_create_short_urls"), error.description)
    let rows = try XCTUnwrap(database).admin().executeOnce(
      "SELECT to_regclass('more') IS NULL", "look", timeoutMilliseconds: 10_000)
    XCTAssertTrue(try rows.one { row throws(PostgresError) in try row.bool() })
  }

  func testAFileThatFailsHalfwayLeavesNothingAndCanBeCorrected() throws {
    let name = try name(1, "create_more")
    try write(name, "CREATE TABLE more (n int); SELECT 1/0;")
    XCTAssertEqual(try assertThrows(MigrationError.self) { _ = try migrate() }.kind, .refused)
    XCTAssertEqual(try migrator().status().last?.state, .pending)
    try write(name, "CREATE TABLE more (n int);")
    XCTAssertEqual(try migrate().map(\.name), [name])
  }

  /// The programs may run meanwhile, and an index that waits for others fails often enough.
  func testTheRightsOfTheLoginsDoNotWaitForAMigrationThatFails() throws {
    let database = try XCTUnwrap(database)
    let admin = try Connection(
      ConnectionOptions(
        dsn: database.dsn + "&user=postgres", applicationName: "test-admin",
        statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0), timeoutMilliseconds: 20_000)
    let role = database.name + "_dispatcher"
    func run(_ statements: String) throws {
      try admin.executeScript(unsafe: statements, "prepare", timeoutMilliseconds: 20_000)
    }
    try run("CREATE ROLE \(role) LOGIN")
    defer { XCTAssertNoThrow(try run("DROP OWNED BY \(role); DROP ROLE \(role)")) }
    try write(try name(1, "fail"), "SELECT 1/0;")
    let settings = try database.settings(["PG_DISPATCHER_DSN": database.dsn + "&user=\(role)"])
    let migrator = Migrator(
      postgres: PostgresMigrations(settings), others: [], directory: directory)
    var granted: [String] = []
    let error = try assertThrows(MigrationError.self) {
      try migrator.migrate { granted.append($0.name) }
    }
    XCTAssertTrue(error.description.contains("22012"), error.description)
    XCTAssertTrue(granted.contains("GRANT DELETE ON units TO \(role)"), "\(granted)")
    XCTAssertEqual(try migrator.status().last?.state, .pending)
    XCTAssertFalse(try migrator.status().contains { $0.name.hasPrefix("GRANT") })
  }

  func testOneThatNeedsANewerServerWaitsAndHoldsNothingUp() throws {
    let waiting = try name(1, "use_future")
    let next = try name(2, "create_more")
    try write(waiting, "-- requires: postgres >= 99.1\nSELECT from_the_future();")
    try write(next, "-- requires: postgres >= 9.6\nCREATE TABLE more (n int);")
    let steps = try migrate()
    XCTAssertEqual(steps.map(\.name), [waiting, next])
    guard case .waiting = steps[0].state else { return XCTFail("\(steps[0])") }
    XCTAssertEqual(steps[0].requirement, .version([99, 1]))
    XCTAssertEqual(steps[1].state, .pending)
    XCTAssertEqual(try migrate().map(\.name), [waiting], "it says so again, and applies nothing")
  }

  func testFilesOutOfLineAreRefused() throws {
    for bad in ["1_short.sql", "0999_gap.sql", "000x_y.sql", "0003_Upper.sql", "readme.txt"] {
      let path = directory + "/postgres/" + bad
      try "SELECT 1".write(toFile: path, atomically: true, encoding: .utf8)
      XCTAssertEqual(
        try assertThrows(MigrationError.self) { _ = try migrator().status() }.kind, .files, bad)
      try FileManager.default.removeItem(atPath: path)
    }
    try write(try name(1, "bad_head"), "-- requires: oracle > 7\n")
    XCTAssertEqual(
      try assertThrows(MigrationError.self) { _ = try migrator().status() }.kind, .files)
  }

  func testALedgerAheadOfTheDirectoryIsSaidAndDoesNotStop() throws {
    let name = try name(1, "create_more")
    try write(name, "CREATE TABLE more (n int);")
    _ = try migrate()
    try FileManager.default.removeItem(atPath: "\(directory)/postgres/\(name).sql")
    guard case .unknown = try migrator().status().last?.state else { return XCTFail("not said") }
    XCTAssertTrue(try migrate().isEmpty)
  }
}
