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
    report.assert("Redis memory", "warning", "noeviction", "maxmemory-policy volatile-lru")
    report.assert("Redis persistence", "warning", "appendonly is off", "set appendonly yes")
    try redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
    try redis.command("CONFIG", "SET", "appendonly", "yes")
    try redis.endGracePeriod()
    var cured = try DoctorReport(variables, "--settings")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        cured = try DoctorReport(variables, "--settings")
        return cured["Redis persistence"]?["state"] == "ok"
      })
    for subject in ["Redis memory", "worker ids of Redis"] { cured.assertOK(subject) }
  }

  func testPostgreSQLThatIsReadOnlyOrNotDurableIsToldUntilItIsSetRight() throws {
    let server = try PrivatePostgres()
    let variables = ["PG_DSN": server.dsn("postgres")]
    func ask(_ statement: String) throws {
      try Command.check("/usr/bin/psql", ["-qX", "-c", statement, server.dsn("template1")])
    }
    try ask("ALTER DATABASE postgres SET default_transaction_read_only = on")
    try DoctorReport(variables, "--settings")
      .assert("PostgreSQL writes", "failed", "read-only", "point PG_DSN at the primary")
    try ask("ALTER DATABASE postgres RESET default_transaction_read_only")
    try ask("ALTER SYSTEM SET fsync = off")
    try ask("SELECT pg_reload_conf()")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try DoctorReport(variables, "--settings")["PostgreSQL writes"]?["state"] == "warning"
      })
    try DoctorReport(variables, "--settings")
      .assert("PostgreSQL writes", "warning", "fsync is off", "set fsync = on")
    try ask("ALTER SYSTEM RESET fsync")
    try ask("SELECT pg_reload_conf()")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try DoctorReport(variables, "--settings")["PostgreSQL writes"]?["state"] == "ok"
      })
  }
}
