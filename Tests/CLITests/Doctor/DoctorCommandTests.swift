import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet doctor` says of parts that don't answer.
final class DoctorCommandTests: XCTestCase {
  private func findings(_ variables: [String: String]) throws -> [String: [String: String]] {
    let run = try CommandLineTool().run("doctor", "--json", with: variables)
    XCTAssertEqual(run.status, 1, run.complaint)
    let list = try run.json.elements.map { try $0.members.mapValues { try $0.text } }
    return Dictionary(
      list.map { ($0["subject"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func assertFailed(
    _ finding: [String: String]?, _ detail: String, _ advice: String,
    file: StaticString = #filePath, line: UInt = #line
  ) {
    XCTAssertEqual(finding?["state"], "failed", "\(finding ?? [:])", file: file, line: line)
    for (key, words) in [("detail", detail), ("advice", advice)] {
      XCTAssertTrue(
        finding?[key]?.contains(words) == true, "\(words): \(finding ?? [:])", file: file,
        line: line)
    }
  }

  func testEnginesThatRefuseConnectionsAreNamedEachWithItsVariable() throws {
    let found = try findings([
      "PG_DSN": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1",
      "RABBITMQ_URL": "amqp://guest:guest@127.0.0.1:1/%2F",
      "CLICKHOUSE_URL": "http://default@127.0.0.1:1/x",
    ])
    assertFailed(found["PostgreSQL"], "Connection refused", "correct PG_DSN")
    assertFailed(found["Redis"], "Connection refused", "correct REDIS_URL")
    assertFailed(found["RabbitMQ"], "can't be reached", "correct RABBITMQ_URL")
    assertFailed(found["ClickHouse"], "Connection refused", "correct CLICKHOUSE_URL")
    for engine in ["PostgreSQL", "Redis"] {
      XCTAssertEqual(found[engine]?["detail"]?.hasPrefix("connect failed"), true, "\(found)")
    }
  }

  func testAnAddressThatNoLibraryCanReadIsCorrectedAndNoServerStarted() throws {
    let found = try findings([
      "PG_DSN": "host=db hots=db", "REDIS_URL": "redis://host:0",
      "RABBITMQ_URL": "amqp://host:0/x", "CLICKHOUSE_URL": "http://host:0/x",
    ])
    assertFailed(found["PostgreSQL"], "invalid connection option \"hots\"", "write it as")
    assertFailed(found["Redis"], "its port is no port", "correct REDIS_URL")
    assertFailed(found["RabbitMQ"], "can't be read", "write it as")
    assertFailed(found["ClickHouse"], "can't be read", "write it as")
    for finding in ["PostgreSQL", "Redis", "RabbitMQ", "ClickHouse"] {
      XCTAssertFalse(found[finding]?["advice"]?.contains("start") == true, finding)
    }
  }

  func testAHostWithoutAnAddressIsNamedAsSuch() throws {
    let found = try findings([
      "PG_DSN": "postgresql://nowhere.invalid/x", "REDIS_URL": "redis://nowhere.invalid",
      "CLICKHOUSE_URL": "http://default@nowhere.invalid/x",
    ])
    assertFailed(found["PostgreSQL"], "connect failed", "correct the host in PG_DSN")
    assertFailed(found["Redis"], "connect failed", "correct the host in REDIS_URL")
    assertFailed(found["ClickHouse"], "can't be reached", "correct the host in CLICKHOUSE_URL")
  }

  func testAGeolocationDatabaseIsNamedAndOneThatCannotBeReadWithTheReason() throws {
    let directory = try ScratchDirectory("doctor")
    let file = URL(fileURLWithPath: directory("geo.mmdb"))
    let missing = try findings(["GEO_DB": file.path])["geolocation"]
    assertFailed(missing, "\(file.path) can't be read: No such file or directory", "correct GEO_DB")
    try Data("no database".utf8).write(to: file)
    assertFailed(
      try findings(["GEO_DB": file.path])["geolocation"], "can't be read", "correct GEO_DB")
    try GeoDatabaseFile([("192.0.2.0/24", "DE", nil)], type: "Test-Country").replace(file)
    let found = try findings(["GEO_DB": file.path])["geolocation"]
    XCTAssertEqual(found?["state"], "ok")
    XCTAssertEqual(found?["detail"], "Test-Country of 2026-09-21")
    XCTAssertNil(try findings([:])["geolocation"])
  }

  func testAnOutboxThatCannotBeReadInTimeIsNamed() throws {
    let tool = try CommandLineTool()
    defer { try? tool.dropDatabases() }
    XCTAssertEqual(try tool.run("migrate").status, 0)
    let database = try XCTUnwrap(tool.environment["PG_DSN"])
    func psql(_ words: String) throws -> String {
      try Command.check("/usr/bin/psql", ["-AtX", database, "-c", words])
    }
    let holder = try ChildProcess(
      "/usr/bin/psql",
      [
        "-qX", database, "-c",
        "BEGIN; LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)",
      ])
    defer { holder.signal(SIGKILL) }
    let lock =
      "SELECT count(*) FROM pg_locks WHERE relation = 'outbox'::regclass AND granted "
      + "AND mode = 'AccessExclusiveLock'"
    XCTAssertTrue(try eventually(seconds: 60) { try psql(lock).hasPrefix("1") })
    let output = try tool.run("doctor").output
    XCTAssertTrue(output.contains("changes to announce: PostgreSQL doesn't tell in time"), output)
  }

  func testAnEngineThatIsSilentIsNamed() throws {
    let silent = try SilentServer()
    defer { withExtendedLifetime(silent) {} }
    let found = try findings([
      "REDIS_URL": "redis://127.0.0.1:\(silent.port)",
      "PG_DSN": "postgresql://127.0.0.1:\(silent.port)/x",
      "CLICKHOUSE_URL": "http://default@127.0.0.1:\(silent.port)/x",
    ])
    for engine in ["PostgreSQL", "Redis", "ClickHouse"] {
      XCTAssertEqual(found[engine]?["state"], "failed", "\(found[engine] ?? [:])")
    }
  }

  func testPoolsAndNginxThatAreNotThereAreNamedWithTheSystemsReason() throws {
    let found = try findings(["SWIFTLET_RUN": "/nonexistent", "BASE_URL": "http://127.0.0.1:1"])
    for pool in ["shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics"] {
      assertFailed(
        found["pool \(pool)"], "/nonexistent/\(pool).sock: No such file or directory",
        "swiftlet restart \(pool)")
    }
    assertFailed(found["nginx"], "127.0.0.1:1: Connection refused", "set BASE_URL")
    let secure = try findings(["BASE_URL": "https://127.0.0.1:1"])
    assertFailed(secure["nginx"], "127.0.0.1:1: Connection refused", "set BASE_URL")
  }

  func testEachDirectoryThatClosesTheFastPathIsNamed() throws {
    let scratch = try ScratchDirectory("doctor")
    let state = scratch("outer/inner/state")
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let resolved = try XCTUnwrap(realpath(state, nil).map { String(cString: $0) })
    let outer = String(resolved.dropLast("/inner/state".count))
    for path in [scratch.path, outer, outer + "/inner", state] {
      XCTAssertEqual(chmod(path, 0o711), 0)
    }
    func finding(_ fastPath: String = "1") throws -> [String: String]? {
      try findings(["STATE_DIR": state, "FAST_PATH": fastPath])["fast path"]
    }
    XCTAssertNil(try finding())
    XCTAssertEqual(chmod(outer, 0o710), 0)
    let one = try XCTUnwrap(finding())
    XCTAssertEqual(one["state"], "warning")
    XCTAssertTrue(one["advice"]?.hasPrefix("chmod o+x \(outer): ") == true, "\(one)")
    XCTAssertEqual(chmod(state, 0o700), 0)
    let two = try XCTUnwrap(finding())
    let both = "chmod o+x \(outer) \(resolved): "
    XCTAssertTrue(two["advice"]?.hasPrefix(both) == true, "\(two)")
    XCTAssertNil(try finding("0"))
  }

  func testAServerThatIsNotSwiftletIsNotTakenForIt() throws {
    let clickHouse = try XCTUnwrap(URL(string: TestStack.value("CLICKHOUSE_URL"))?.port)
    let found = try findings(["BASE_URL": "http://127.0.0.1:\(clickHouse)"])
    assertFailed(
      found["nginx"], "/health answers 404", "doesn't lead here to Swiftlet")
    let silent = try SilentServer()
    defer { withExtendedLifetime(silent) {} }
    let frozen = try findings(["BASE_URL": "http://127.0.0.1:\(silent.port)"])
    assertFailed(frozen["nginx"], "no answer to /health", "nginx's error log")
  }
}
