import Foundation
import TestSupport
import XCTest

/// What `swiftlet doctor` says of worker ids that are held, and that its advice cures it.
final class DoctorWorkerIDTests: XCTestCase {
  func testWorkerIDsOfRedisThatAreNearlyUsedUpAreToldUntilTheirProcessesAreGone() throws {
    let redis = try PrivateRedis()
    try redis.endGracePeriod()
    // The leases of processes that died: they end with their term.
    let script = """
      for number = 0, 699 do
        redis.call('SET', 'worker_id:' .. number, 'somebody', 'PX', ARGV[1])
      end
      """
    func report() throws -> DoctorReport {
      try DoctorReport(["REDIS_URL": redis.url], "--settings")
    }
    try redis.command("EVAL", script, "0", "600000")
    try report().assert(
      "worker ids of Redis", "warning", "700 of 768 held", "look for processes that die often")
    try redis.command("EVAL", script, "0", "1")
    XCTAssertTrue(
      try eventually(seconds: 30) { try report()["worker ids of Redis"]?["state"] == "ok" })
  }

  func testAWorkerIDThatPostgreSQLGivesIsToldUntilRedisIsBack() throws {
    let tool = try CommandLineTool()
    defer { try? tool.dropDatabases() }
    XCTAssertEqual(try tool.run("migrate").status, 0)
    let redis = try PrivateRedis()
    redis.kill()
    let dsn = try XCTUnwrap(tool.environment["PG_DSN"])
    let pool = try WorkerPool("api", ["PG_DSN": dsn, "REDIS_URL": redis.url])
    let worker = try pool.start()
    defer { worker.signal(SIGTERM) }
    let body = Array(#"{"original_url":"https://example.com/"}"#.utf8)
    func shorten() throws -> Bool {
      try FastCGIClient.request(
        socket: pool.socket,
        parameters: WorkerPool.parameters("/shorten", method: "POST") + [
          ("CONTENT_TYPE", "application/json"), ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body
      ).hasPrefix("Status: 201 ")
    }
    XCTAssertTrue(try eventually(seconds: 30) { try shorten() })
    let variables = ["PG_DSN": dsn, "REDIS_URL": redis.url]
    try DoctorReport(variables, "--settings").assert(
      "worker ids of PostgreSQL", "warning", "1 of 256 held, for lack of Redis' ones",
      "see to Redis")
    try redis.start()
    try redis.endGracePeriod()
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try DoctorReport(variables, "--settings")["worker ids of PostgreSQL"] == nil
      })
    try DoctorReport(variables, "--settings").assert("worker ids of Redis", "ok", "1 of 768", "")
  }
}
