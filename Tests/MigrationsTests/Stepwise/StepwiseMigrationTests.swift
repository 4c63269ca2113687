import EngineSupport
import Foundation
import Migrations
import Postgres
import TestSupport
import XCTest

/// Files without a transaction: broken off anywhere, run twice at once, held up by others.
final class StepwiseMigrationTests: XCTestCase {
  private var scene: StepwiseScene?

  override func setUpWithError() throws { scene = try StepwiseScene() }
  override func tearDown() { scene = nil }

  private static let indexes = """
    -- without a transaction
    -- CREATE INDEX CONCURRENTLY waits for transactions of others.
    CREATE INDEX CONCURRENTLY IF NOT EXISTS by_date ON short_urls (created_at);

    CREATE INDEX CONCURRENTLY IF NOT EXISTS by_url ON short_urls (left(original_url, 100));
    """

  func testItsStatementsRunOutsideOfATransactionAndOnceOnly() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes)
    XCTAssertEqual(try scene.migrate(), [name])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
    XCTAssertEqual(try scene.migrate(), [])
  }

  func testARunThatWasBrokenOffBehindAnyStatementIsCompletedByTheNext() throws {
    for count in 0...2 {
      let scene = try StepwiseScene()
      let name = try scene.add("index_links", Self.indexes)
      let admin = try scene.database.admin()
      for statement in SQLScript.statements(in: Self.indexes).prefix(count) {
        try admin.executeScript(unsafe: statement, "half", timeoutMilliseconds: 20_000)
      }
      XCTAssertEqual(try scene.migrate(), [name], "\(count)")
      XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"], "\(count)")
    }
  }

  func testWhatWasAppliedBeforeAFailureStaysAndTheRestFollows() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes + "; SELECT 1 / 0")
    XCTAssertEqual(try assertThrows(MigrationError.self) { _ = try scene.migrate() }.kind, .refused)
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
    try scene.write(name, Self.indexes)
    XCTAssertEqual(try scene.migrate(), [name])
  }

  /// `IF NOT EXISTS` would take it for done, and no query would ever use it.
  func testAnIndexThatAFailedBuildLeftInvalidIsDroppedAndBuiltAnew() throws {
    let scene = try XCTUnwrap(scene)
    let admin = try scene.database.admin()
    try admin.executeScript(
      unsafe: """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        SELECT n, n::text, 'http://e.org/' FROM generate_series(1, 2) AS n
        """, "fill", timeoutMilliseconds: 20_000)
    XCTAssertThrowsError(
      try admin.executeScript(
        unsafe: "CREATE UNIQUE INDEX CONCURRENTLY by_url ON short_urls (original_url)", "fail",
        timeoutMilliseconds: 20_000))
    XCTAssertEqual(try scene.invalidIndexes(), ["by_url"])
    let name = try scene.add("index_links", Self.indexes)
    XCTAssertEqual(try scene.migrate(), [name])
    XCTAssertEqual(try scene.invalidIndexes(), [])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
  }

  func testItWaitsForALongTransactionForALimitedTimeSaysWhoseItIsAndCanBeRunAgain() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes)
    let other = try scene.database.admin()
    let writer = try scene.database.admin()
    // It doesn't touch the table: to have a snapshot is enough.
    try other.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", "hold", timeoutMilliseconds: 20_000
    )
    for round in 1...2 {
      let error = try assertThrows(MigrationError.self) { _ = try scene.migrate(lockTimeout: 700) }
      XCTAssertEqual(error.kind, .unavailable)
      for word in [name, "process \(other.backendPID) of ", "(test-admin)", "swiftlet migrate"] {
        XCTAssertTrue(error.description.contains(word), "\(word) is missing: \(error.description)")
      }
      XCTAssertEqual(try scene.invalidIndexes(), ["by_date"], "run \(round)")
      XCTAssertEqual(try scene.write(link: round, writer), 1)
    }
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try scene.migrate(), [name])
    XCTAssertEqual(try scene.invalidIndexes(), [])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
  }

  func testLinksAreMadeWhileAnIndexIsBuiltAndTheSecondOfTwoRunsFindsNothingToDo() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes)
    let other = try scene.database.admin()
    let writer = try scene.database.admin()
    try other.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", "hold", timeoutMilliseconds: 20_000
    )
    let first = try scene.start()
    XCTAssertTrue(scene.isBuilding())
    let second = try scene.start()
    XCTAssertEqual(try scene.write(link: 1, writer), 1)
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    let applied = try first.steps() + second.steps()
    XCTAssertEqual(applied, [name])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
  }

  func testARunWhoseSessionIsEndedAmidABuildIsCompletedByTheNext() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes)
    let other = try scene.database.admin()
    try other.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", "hold", timeoutMilliseconds: 20_000
    )
    let run = try scene.start()
    XCTAssertTrue(scene.isBuilding())
    try scene.endBuild()
    XCTAssertThrowsError(try run.steps())
    XCTAssertEqual(try scene.invalidIndexes(), ["by_date"])
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try scene.migrate(), [name])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
  }

  /// The server builds on, and its session keeps the lock of all runs.
  func testTheRunAfterOneThatWasKilledWaitsUntilTheServerHasEndedItsBuild() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("index_links", Self.indexes)
    let other = try scene.database.admin()
    try other.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", "hold", timeoutMilliseconds: 20_000
    )
    let proxied = try ProxiedPostgres(to: scene.database)
    let killed = try scene.start(dsn: proxied.dsn)
    XCTAssertTrue(scene.isBuilding())
    proxied.proxy.cut()
    XCTAssertThrowsError(try killed.steps())
    let next = try scene.start()
    XCTAssertTrue(scene.isBuilding())
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try next.steps(), [name])
    XCTAssertEqual(try scene.invalidIndexes(), [])
    XCTAssertEqual(try scene.validIndexes(), ["by_date", "by_url"])
  }

  func testAnIndexThatWouldBlockWritersOrCantBeRunAgainIsRefused() throws {
    let scene = try XCTUnwrap(scene)
    let form = "CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON"
    for statement in [
      "CREATE INDEX IF NOT EXISTS a ON short_urls (created_at)",
      "CREATE INDEX CONCURRENTLY a ON short_urls (created_at)",
      "CREATE UNIQUE INDEX CONCURRENTLY ON short_urls (created_at)",
    ] {
      let name = try scene.add("index_links", "-- without a transaction\n\(statement);")
      let error = try assertThrows(MigrationError.self) { _ = try scene.migrate() }
      XCTAssertEqual(error.kind, .files)
      XCTAssertTrue(error.description.contains(form), error.description)
      try scene.remove(name)
    }
  }
}
