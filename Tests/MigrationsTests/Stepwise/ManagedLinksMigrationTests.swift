import EngineSupport
import Foundation
import Migrations
import Postgres
import TestSupport
import XCTest

/// The migrations for links that people manage, on a table of the release before them.
final class ManagedLinksMigrationTests: XCTestCase {
  /// Look-ups wait for the first migration, and for none of the others.
  func testTheLimitOfVisitsIsCheckedByAMigrationThatNoLookUpWaitsFor() throws {
    let directory = try ScratchDirectory("managed-links")
    _ = try directory.make("postgres")
    let shipped = ScratchPostgres.migrations + "/postgres"
    for name in try FileManager.default.contentsOfDirectory(atPath: shipped)
    where name < "0010" {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/\(name)", toPath: directory("postgres/\(name)"))
    }
    let database = try ScratchPostgres(migrations: directory.path)
    func isValid() throws -> Bool {
      try database.admin().executeOnce(
        "SELECT convalidated FROM pg_constraint WHERE conname = 'short_urls_max_visits_check'",
        "look", timeoutMilliseconds: 20_000
      ).one { row throws(PostgresError) in try row.bool() }
    }
    XCTAssertFalse(try isValid())
    try Migrator(
      postgres: PostgresMigrations(database.settings()), others: [],
      directory: ScratchPostgres.migrations
    ).migrate { _ in }
    XCTAssertTrue(try isValid())
  }
}
