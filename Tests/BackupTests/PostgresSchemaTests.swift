import Foundation
import TestSupport
import XCTest

/// PostgreSQL's database may have other schemas, which belong to others.
final class PostgresSchemaTests: XCTestCase {
  func testOtherSchemasAreNeitherCopiedNorDropped() throws {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.fill()
    _ = try own.psql("CREATE SCHEMA other; CREATE TABLE other.t AS SELECT 1 AS x")
    try own.check("backup", scratch("b"))
    let before = try own.contents()
    try own.dropDatabases()
    try own.check("migrate")
    _ = try own.psql("CREATE SCHEMA other; CREATE TABLE other.t AS SELECT 2 AS x")
    try own.check("restore", scratch("b"))
    XCTAssertEqual(try own.psql("SELECT x FROM other.t"), "2\n")
    XCTAssertEqual(try own.contents(), before)
  }

  func testASchemaOfAnotherNameIsRefused() throws {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.fill()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    try own.check("migrate")
    _ = try own.psql(
      "CREATE SCHEMA mine; ALTER DATABASE \(own.name) SET search_path = mine, public")
    let run = try own.swiftlet("restore", scratch("b"))
    XCTAssertEqual(run.status, 70, run.output)
    XCTAssertTrue(run.output.contains("the backup's tables are in the schema public"), run.output)
  }

  /// The first error is the cause; what follows are details.
  func testTheFirstErrorIsTold() throws {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.fill()
    try own.check("backup", scratch("b"))
    try own.dropDatabases()
    try own.check("migrate")
    _ = try own.psql("CREATE VIEW mine AS SELECT name FROM tags")
    let run = try own.swiftlet("restore", scratch("b"))
    XCTAssertEqual(run.status, 70, run.output)
    XCTAssertTrue(run.output.contains("ERROR:  cannot drop desired object(s) because"), run.output)
    XCTAssertEqual(try own.psql("SELECT count(*) FROM mine"), "0\n")
  }
}
