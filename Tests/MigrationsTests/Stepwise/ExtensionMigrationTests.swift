import EngineSupport
import Migrations
import Postgres
import TestSupport
import XCTest

/// Files that need an extension of PostgreSQL, run by a login that may or may not create it.
final class ExtensionMigrationTests: XCTestCase {
  private var scene: StepwiseScene?
  private var role = ""

  override func setUpWithError() throws {
    let scene = try StepwiseScene()
    role = scene.database.name + "_owner"
    try run("CREATE ROLE \(role) LOGIN", scene)
    try run("GRANT ALL ON SCHEMA public TO \(role)", scene)
    try run("GRANT ALL ON ALL TABLES IN SCHEMA public TO \(role)", scene)
    self.scene = scene
  }

  override func tearDownWithError() throws {
    guard let scene else { return }
    try run("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)", scene)
    self.scene = nil
  }

  /// As the cluster's superuser.
  private func run(_ statement: String, _ scene: StepwiseScene) throws {
    let options = ConnectionOptions(
      dsn: scene.database.dsn + "&user=postgres", applicationName: "test-admin",
      statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0)
    try Connection(options, timeoutMilliseconds: 20_000).executeScript(
      unsafe: statement, "prepare", timeoutMilliseconds: 20_000)
  }

  private static let file = """
    -- requires: extension hstore
    -- without a transaction
    CREATE EXTENSION IF NOT EXISTS hstore;
    CREATE TABLE IF NOT EXISTS pairs (pair hstore);
    """

  /// A run by the login of the test: each migration's name and, where it waits, why.
  private func migrate() throws -> [String: String] {
    let scene = try XCTUnwrap(scene)
    let steps = try scene.steps(dsn: scene.database.dsn + "&user=\(role)")
    return Dictionary(
      uniqueKeysWithValues: steps.map { step in
        guard case .waiting(let obstacle) = step.state else { return (step.name, "") }
        return (step.name, obstacle)
      })
  }

  func testItWaitsSaysWhatToDoHoldsNothingUpAndIsAppliedOnceTheLoginMayCreateIt() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("use_pairs", Self.file)
    let next = try scene.add("create_more", "CREATE TABLE more (n int);")
    let obstacle = """
      needs the extension hstore, which \(role) may not create: let a superuser run CREATE EXTENSION hstore \
      in the database \(scene.database.name)
      """
    XCTAssertEqual(try migrate(), [name: obstacle, next: ""])
    XCTAssertEqual(try migrate(), [name: obstacle], "it is said again")
    try run("GRANT CREATE ON DATABASE \(scene.database.name) TO \(role)", scene)
    XCTAssertEqual(try migrate(), [name: ""])
    XCTAssertEqual(try migrate(), [:])
  }

  func testItIsAppliedOnceASuperuserHasCreatedIt() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("use_pairs", Self.file)
    try run("CREATE EXTENSION hstore", scene)
    XCTAssertEqual(try migrate(), [name: ""])
  }

  func testItWaitsWhileTheExtensionIsWhereTheLoginDoesNotLook() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("use_pairs", Self.file)
    try run("CREATE SCHEMA elsewhere; CREATE EXTENSION hstore SCHEMA elsewhere", scene)
    let obstacle = try migrate()[name] ?? ""
    XCTAssertTrue(obstacle.contains("ALTER EXTENSION hstore SET SCHEMA public"), obstacle)
    try run("ALTER EXTENSION hstore SET SCHEMA public", scene)
    XCTAssertEqual(try migrate(), [name: ""])
  }

  func testOneThatTheServerDoesNotHaveIsSaidToBeMissingThere() throws {
    let scene = try XCTUnwrap(scene)
    let name = try scene.add("use_future", "-- requires: extension from_the_future\nSELECT 1;")
    let obstacle = try migrate()[name] ?? ""
    XCTAssertTrue(obstacle.contains("postgresql-contrib"), obstacle)
  }
}
