import XCTest

/// Each test has databases of its own, with all migrations applied.
class MigratedTestCase: XCTestCase {
  private(set) var tool: CommandLineTool?

  override func setUpWithError() throws {
    let tool = try CommandLineTool()
    self.tool = tool
    let run = try tool.run("migrate")
    XCTAssertEqual(run.status, 0, run.complaint)
  }

  override func tearDownWithError() throws {
    try tool?.dropDatabases()
  }
}
