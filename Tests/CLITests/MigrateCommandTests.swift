import Foundation
import TestSupport
import XCTest

final class MigrateCommandTests: XCTestCase {
  private var tool: CommandLineTool?

  override func setUpWithError() throws {
    tool = try CommandLineTool()
  }

  override func tearDownWithError() throws {
    try tool?.dropDatabases()
  }

  private func states(_ run: CommandLineTool.Run) throws -> [String] {
    try run.json.elements.map { try $0["state"].text }
  }

  private func ask(_ statement: String) throws {
    let dsn = try XCTUnwrap(XCTUnwrap(tool).environment["PG_DSN"])
    let run = try Command.run("/usr/bin/psql", ["-X", "-c", statement, dsn])
    XCTAssertEqual(run.status, 0, run.output)
  }

  func testFromNothingThenAgainThenStatus() throws {
    let tool = try XCTUnwrap(tool)
    // There is no database yet: nobody but `migrate` makes one.
    XCTAssertEqual(try tool.run("migrate", "status").status, 69)
    let first = try tool.run("migrate")
    XCTAssertEqual(first.status, 0, first.complaint)
    XCTAssertTrue(first.output.contains("applied  postgres/0001_create_short_urls"))
    XCTAssertTrue(first.output.contains("applied  clickhouse/0001_"))
    let again = try tool.run("migrate")
    XCTAssertEqual(again.status, 0)
    XCTAssertTrue(again.output.hasPrefix("Nothing to apply."))
    let dry = try tool.run("migrate", "--dry-run", "--json")
    XCTAssertFalse(try states(dry).contains("pending"))
    let status = try tool.run("migrate", "status", "--json")
    XCTAssertTrue(try states(status).contains("applied"))
    XCTAssertFalse(try states(status).contains("pending"))
  }

  func testALoginThatCantBeReadIsASettingsErrorThatShowsNoPassword() throws {
    let tool = try XCTUnwrap(tool)
    for dsn in [
      "postgresql://me:%secret@db/x", "password=my secret host=db",
      "postgresql://me:my@secret@db/x",
    ] {
      for words in [["migrate"], ["migrate", "status"], ["link", "list"]] {
        let process = tool.process(words, ["PG_DSN": dsn])
        try process.run()
        let run = CommandLineTool.finish(process)
        XCTAssertEqual(run.status, 78, run.complaint)
        XCTAssertTrue(run.complaint.hasPrefix("swiftlet: PG_DSN: "), run.complaint)
        XCTAssertFalse(run.complaint.contains("secret"), run.complaint)
      }
    }
  }

  /// Others may write there, and what is found runs as SQL.
  func testTheWorkingDirectorysMigrationsAreNotTakenForTheProgramsOwn() throws {
    let tool = try XCTUnwrap(tool)
    let directory = try ScratchDirectory("migrations")
    let planted = directory("migrations/postgres")
    try FileManager.default.createDirectory(atPath: planted, withIntermediateDirectories: true)
    try "SELECT 1;".write(
      toFile: planted + "/0099_do_harm.sql", atomically: true, encoding: .utf8)
    let process = tool.process(["migrate"])
    process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
    try process.run()
    let output = CommandLineTool.finish(process).output
    XCTAssertTrue(output.contains("postgres/0001_create_short_urls"), output)
    XCTAssertFalse(output.contains("0099_do_harm"), output)
  }

  func testADryRunSaysWhatWouldBeDoneAndDoesNothing() throws {
    let tool = try XCTUnwrap(tool)
    XCTAssertEqual(try tool.run("migrate").status, 0)
    _ = try ClickHouseClient.query("DROP DATABASE \(tool.name)")
    for _ in 0..<2 {
      let dry = try tool.run("migrate", "--dry-run")
      XCTAssertEqual(dry.status, 0, dry.complaint)
      XCTAssertTrue(dry.output.contains("pending  clickhouse/0001_"), dry.output)
    }
    // A ClickHouse whose data was lost is built anew.
    XCTAssertTrue(try tool.run("migrate").output.contains("applied  clickhouse/0001_"))
  }

  func testALoginOfItsOwnGetsItsRightsAndOneLoginForAllNeedsNone() throws {
    let tool = try XCTUnwrap(tool)
    let grant = "postgres/GRANT SELECT ON short_urls TO swiftlet_lookup"
    XCTAssertFalse(try tool.run("migrate").output.contains("GRANT"))
    let dsn = try XCTUnwrap(tool.environment["PG_DSN"])
    let own = [
      "PG_LOOKUP_DSN": dsn.replacingOccurrences(of: "user=swiftlet", with: "user=swiftlet_lookup")
    ]
    XCTAssertTrue(try tool.run("migrate", "status", with: own).output.contains("pending  " + grant))
    let applied = try tool.run("migrate", with: own).output
    XCTAssertTrue(applied.contains("applied  \(grant)\n"), applied)
    XCTAssertTrue(
      applied.split(separator: "\n").allSatisfy {
        $0.hasPrefix("applied  postgres/GRANT ") && $0.hasSuffix(" TO swiftlet_lookup")
      }, applied)
    XCTAssertTrue(try tool.run("migrate", with: own).output.hasPrefix("Nothing to apply."))
  }

  func testARightThatIsOfNoUseIsNoSuccess() throws {
    let tool = try XCTUnwrap(tool)
    XCTAssertEqual(try tool.run("migrate").status, 0)
    let dsn = try XCTUnwrap(tool.environment["PG_DSN"])
    try ask("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    let own = [
      "PG_LOOKUP_DSN": dsn.replacingOccurrences(of: "user=swiftlet", with: "user=swiftlet_lookup")
    ]
    for _ in 0..<2 {
      let run = try tool.run("migrate", with: own)
      XCTAssertNotEqual(run.status, 0, run.output)
      XCTAssertFalse(run.output.contains("applied"), run.output)
      XCTAssertTrue(run.complaint.contains("swiftlet_lookup needs USAGE"), run.complaint)
    }
    try ask("GRANT USAGE ON SCHEMA public TO swiftlet_lookup")
    XCTAssertEqual(try tool.run("migrate", with: own).status, 0)
    XCTAssertTrue(try tool.run("migrate", with: own).output.hasPrefix("Nothing to apply."))
  }

  func testWithoutTheSearchIndexsExtensionItSaysWhatToDoDoctorWarnsAndSearchesGoOn() throws {
    let tool = try XCTUnwrap(tool)
    XCTAssertEqual(try tool.run("migrate").status, 0)
    XCTAssertEqual(try tool.run("shorten", "https://example.org/summer").status, 0)
    try ask("DELETE FROM schema_migrations WHERE name LIKE '%_index_search'")
    try ask("DROP EXTENSION pg_trgm CASCADE")
    try ask("REVOKE CREATE ON DATABASE \(tool.name) FROM swiftlet")
    for verb in [["migrate"], ["migrate", "status"]] {
      let process = tool.process(verb)
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 0, run.complaint)
      let line = "CREATE EXTENSION pg_trgm in the database \(tool.name)"
      XCTAssertTrue(run.output.contains("waiting  postgres/0008_index_search"), run.output)
      XCTAssertTrue(run.output.contains(line), run.output)
    }
    XCTAssertTrue(try tool.run("doctor").output.contains("waiting: 0008_index_search"))
    XCTAssertTrue(
      try tool.run("link", "list", "--search", "summer").output.contains("example.org/summer"))
    try ask("GRANT CREATE ON DATABASE \(tool.name) TO swiftlet")
    XCTAssertEqual(try tool.run("migrate").output, "applied  postgres/0008_index_search\n")
  }

  func testALoginThatCannotBeUsedIsNamedByItsSetting() throws {
    let tool = try XCTUnwrap(tool)
    XCTAssertEqual(try tool.run("migrate").status, 0)
    let nobody = ["PG_API_DSN": "postgresql:///x?host=/nonexistent&user=nobody"]
    let run = try tool.run("migrate", "status", with: nobody)
    XCTAssertEqual(run.status, 69)
    XCTAssertTrue(run.complaint.contains("PG_API_DSN: "), run.complaint)
  }

  func testFourAtOnceDoNoHarmAndApplyEachOnce() throws {
    let tool = try XCTUnwrap(tool)
    let processes = (0..<4).map { _ in tool.process(["migrate", "--json"]) }
    for process in processes { try process.run() }
    let runs = processes.map { CommandLineTool.finish($0) }
    for run in runs { XCTAssertEqual(run.status, 0, run.complaint) }
    let applied = try runs.flatMap { run in
      try run.json.elements.filter { try $0["state"].text == "pending" }
        .map { "\(try $0["engine"].text)/\(try $0["name"].text)" }
    }
    XCTAssertEqual(applied.count, Set(applied).count, "\(applied)")
    XCTAssertTrue(applied.contains("postgres/0001_create_short_urls"))
    XCTAssertFalse(try states(tool.run("migrate", "status", "--json")).contains("pending"))
  }

  func testAClickHouseThatIsAwayStopsItAndPostgreSQLIsLeftConsistent() throws {
    let tool = try XCTUnwrap(tool)
    let run = try tool.run("migrate", with: ["CLICKHOUSE_URL": "http://127.0.0.1:1/x"])
    XCTAssertEqual(run.status, 69)
    XCTAssertTrue(run.complaint.contains("ClickHouse"), run.complaint)
    XCTAssertEqual(try tool.run("migrate").status, 0)
  }

  func testADirectoryThatIsNotThereIsAConfigurationError() throws {
    // Both names of the option, the second as earlier releases had it.
    for option in ["--directory", "--folder"] {
      let run = try XCTUnwrap(tool).run("migrate", option, "/nonexistent")
      XCTAssertEqual(run.status, 78, option)
      XCTAssertTrue(run.complaint.contains("/nonexistent/postgres"), run.complaint)
    }
  }
}
