import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet doctor` says of engines that are set up badly, and that its advice cures it.
final class DoctorEngineTests: XCTestCase {
  func testRedisThatForgetsIsToldUntilItIsSetRight() throws {
    let redis = try PrivateRedis(["--appendonly", "no", "--maxmemory", "64mb"])
    let variables = ["REDIS_URL": redis.url]
    let report = try DoctorReport(variables, "--settings")
    try report.assert("Redis memory", "warning", "noeviction", "maxmemory-policy volatile-lru")
    try report.assert("Redis persistence", "warning", "appendonly is off", "set appendonly yes")
    try redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
    try redis.command("CONFIG", "SET", "appendonly", "yes")
    try redis.endGracePeriod()
    var cured = try DoctorReport(variables, "--settings")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        cured = try DoctorReport(variables, "--settings")
        return cured["Redis persistence"]?["state"] == "ok"
      })
    for subject in ["Redis memory", "worker ids of Redis"] { try cured.assertOK(subject) }
  }

  func testPostgreSQLThatIsReadOnlyOrNotDurableIsToldUntilItIsSetRight() throws {
    let server = try PrivatePostgres()
    let variables = ["PG_DSN": server.dsn("template1")]
    try server.ask("ALTER DATABASE template1 SET default_transaction_read_only = on")
    try DoctorReport(variables, "--settings")
      .assert("PostgreSQL writes", "failed", "read-only", "point PG_DSN at the primary")
    try server.ask("ALTER DATABASE template1 RESET default_transaction_read_only")
    try server.ask("ALTER SYSTEM SET fsync = off")
    try server.ask("SELECT pg_reload_conf()")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try DoctorReport(variables, "--settings")["PostgreSQL writes"]?["state"] == "warning"
      })
    try DoctorReport(variables, "--settings")
      .assert("PostgreSQL writes", "warning", "fsync is off", "set fsync = on")
    try server.ask("ALTER SYSTEM RESET fsync")
    try server.ask("SELECT pg_reload_conf()")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try DoctorReport(variables, "--settings")["PostgreSQL writes"]?["state"] == "ok"
      })
  }

  func testRedisThatTakesNoWritesIsToldUntilItDoes() throws {
    let redis = try PrivateRedis()
    func report() throws -> DoctorReport {
      try DoctorReport(["REDIS_URL": redis.url], "--settings")
    }
    try redis.command("REPLICAOF", "127.0.0.1", "1")
    try report().assert("Redis writes", "failed", "READONLY", "point REDIS_URL at the primary")
    try redis.command("REPLICAOF", "NO", "ONE")
    try report().assertOK("Redis writes")
    try redis.command("CONFIG", "SET", "maxmemory", "1")
    try report().assert("Redis writes", "failed", "OOM", "raise maxmemory")
    try redis.command("CONFIG", "SET", "maxmemory", "64mb")
    try report().assertOK("Redis writes")
    XCTAssertEqual(try redis.command("DBSIZE"), "0\n")
  }

  func testPostgreSQLWithoutFreeConnectionsIsToldUntilThereAreSome() throws {
    let server = try PrivatePostgres([
      "-c", "max_connections=10", "-c", "superuser_reserved_connections=0",
      // So that a session ends with its client.
      "-c", "client_connection_check_interval=100",
    ])
    try server.ask("CREATE ROLE owner LOGIN; CREATE ROLE another LOGIN")
    func report() throws -> DoctorReport {
      try DoctorReport(["PG_DSN": server.dsn("postgres", user: "owner")], "--settings")
    }
    func becomes(
      _ subject: String, _ state: String, after step: () throws -> Void = {}
    ) throws -> DoctorReport {
      var found = try report()
      XCTAssertTrue(
        try eventually(seconds: 60) {
          try step()
          found = try report()
          return found[subject]?["state"] == state
        }, "\(found[subject] ?? [:])")
      return found
    }
    func session() throws -> ChildProcess {
      try ChildProcess(
        "/usr/bin/psql",
        ["-qX", server.dsn("postgres", user: "another"), "-c", "SELECT pg_sleep(600)"],
        output: "/dev/null")
    }
    try report().assertOK("PostgreSQL connections")
    // Those of programs that log in as another user count, too.
    var sessions = try (0..<8).map { _ in try session() }
    try becomes("PostgreSQL connections", "warning").assert(
      "PostgreSQL connections", "warning", "9 of 10 are used", "raise max_connections, or lower ")
    // One that comes while doctor's own session is there may be refused.
    let fill = { sessions.append(try session()) }
    try becomes("PostgreSQL", "failed", after: fill).assert(
      "PostgreSQL", "failed", "too many clients",
      "let it take more connections (PostgreSQL: max_connections")
    sessions.removeAll()
    _ = try becomes("PostgreSQL connections", "ok")
  }

  func testAnEnginesClockThatDiffersIsToldUntilItIsRight() throws {
    let server = try PrivatePostgres()
    // The server's clock to whoever asks for it by its name alone.
    try server.ask(
      """
      CREATE SCHEMA clock;
      CREATE TABLE clock.step AS SELECT interval '0' AS by;
      CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql
      AS 'SELECT pg_catalog.clock_timestamp() + by FROM clock.step';
      ALTER DATABASE postgres SET search_path = clock, pg_catalog
      """)
    let advice = "let both machines follow a time server"
    for (seconds, state, words, advice) in [
      (-90, "warning", "ms behind this machine's", advice),
      (90, "warning", "ms ahead of this machine's", advice), (0, "ok", "of this machine's", ""),
    ] {
      try server.ask("UPDATE clock.step SET by = interval '\(seconds) s'")
      try DoctorReport(["PG_DSN": server.dsn("postgres")], "--settings")
        .assert("clock of PostgreSQL", state, words, advice)
    }
  }
}
