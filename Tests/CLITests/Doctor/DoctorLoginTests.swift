import Foundation
import TestSupport
import XCTest

/// What `swiftlet doctor` says of logins at engines that really ask for them, and that its advice cures it.
final class DoctorLoginTests: XCTestCase {
  func testAPasswordThatPostgreSQLRefusesIsToldWithTheSettingThatHasIt() throws {
    let server = try PrivatePostgres()
    try server.ask(
      "CREATE ROLE owner LOGIN PASSWORD 'right'; CREATE ROLE api LOGIN PASSWORD 'own'")
    try server.letIn(by: "scram-sha-256")
    func report(_ password: String, api: String = "own") throws -> DoctorReport {
      let given = password.isEmpty ? "" : "&password=" + password
      return try DoctorReport(
        [
          "PG_DSN": server.dsn("postgres", user: "owner") + given,
          "PG_API_DSN": server.dsn("postgres", user: "api") + "&password=" + api,
        ], "--settings")
    }
    for password in ["wrong", ""] {
      try report(password).assert(
        "PostgreSQL", "failed", password.isEmpty ? "no password" : "password authentication failed",
        "correct the user or the password in PG_DSN; links can't be made until then")
    }
    try report("right", api: "wrong").assert(
      "PostgreSQL logins", "failed", "PG_API_DSN: ",
      "correct the user or the password in PG_API_DSN; then swiftlet restart")
    let cured = try report("right")
    try cured.assertOK("PostgreSQL")
    try cured.assertOK("PostgreSQL logins")
  }

  func testAUserWhomPostgreSQLDoesNotLetInIsToldWhyUntilItDoes() throws {
    let server = try PrivatePostgres()
    try server.ask("CREATE ROLE owner LOGIN")
    func report() throws -> DoctorReport {
      try DoctorReport(["PG_DSN": server.dsn("postgres", user: "owner")], "--settings")
    }
    for (method, detail, advice) in [
      (String?.none, "no pg_hba.conf entry", "allow the user and this host in pg_hba.conf"),
      ("peer", "Peer authentication failed", "ask as the programs' user (runuser -u swiftlet"),
    ] {
      try server.letIn(by: method)
      var found = try report()
      XCTAssertTrue(
        try eventually(seconds: 30) {
          found = try report()
          return found["PostgreSQL"]?["detail"]?.contains(detail) == true
        }, "\(found["PostgreSQL"] ?? [:])")
      try found.assert("PostgreSQL", "failed", detail, advice)
    }
    try server.letIn(by: "trust")
    XCTAssertTrue(try eventually(seconds: 30) { try report()["PostgreSQL"]?["state"] == "ok" })
  }

  func testAPasswordThatRedisAsksForIsToldUntilItIsRight() throws {
    let redis = try PrivateRedis([
      "--requirepass", "right", "--user", "ours", "on", ">own", "~*", "&*", "+@all",
    ])
    func report(_ login: String) throws -> DoctorReport {
      try DoctorReport(["REDIS_URL": "unix://\(login)\(redis.socket)"], "--settings")
    }
    for (login, words) in [
      ("", "NOAUTH"), (":wrong@", "WRONGPASS"), ("ours:wrong@", "WRONGPASS"),
      ("nobody:own@", "WRONGPASS"),
    ] {
      try report(login).assert(
        "Redis", "failed", words, "correct the user or the password in REDIS_URL")
    }
    try report(":right@").assertOK("Redis")
    try report("ours:own@").assertOK("Redis")
  }

  func testAUserOfRedisWithTooFewRightsIsToldUntilItHasThem() throws {
    let redis = try PrivateRedis(["--user", "ours", "on", "nopass", "~*", "&*", "+@all", "-info"])
    func report() throws -> DoctorReport {
      try DoctorReport(["REDIS_URL": "unix://ours:x@\(redis.socket)"], "--settings")
    }
    try report().assert(
      "Redis", "failed", "NOPERM", "give its user the rights that the handbook names")
    try redis.command("ACL", "SETUSER", "ours", "+info", "-set")
    try report().assert("Redis writes", "failed", "NOPERM", "give its user the rights")
    try redis.command("ACL", "SETUSER", "ours", "+set")
    try report().assertOK("Redis writes")
  }

  func testAPasswordThatClickHouseRefusesAndAUserWhoMayOnlyReadAreTold() throws {
    let server = try PrivateClickHouse()
    try server.editUsers("<password></password>", "<password>right</password>")
    func report(_ user: String) throws -> DoctorReport {
      try DoctorReport(["CLICKHOUSE_URL": server.url(user)], "--settings")
    }
    for user in ["default", "default:wrong", "nobody"] {
      try report(user).assert(
        "ClickHouse", "failed", "", "correct the user or the password in CLICKHOUSE_URL")
    }
    try report("default:right").assertOK("ClickHouse")
    let limit = "<max_memory_usage>"
    try server.editUsers(limit, "<readonly>1</readonly>" + limit)
    try report("default:right").assert(
      "ClickHouse", "failed", "in readonly mode", "set readonly to 0 in the profile of the user")
    try server.editUsers("<readonly>1", "<readonly>2")
    try report("default:right").assert(
      "ClickHouse writes", "failed", "its user may only read", "set readonly to 0")
    try server.editUsers("<readonly>2</readonly>", "")
    let cured = try report("default:right")
    try cured.assertOK("ClickHouse")
    XCTAssertNil(cured["ClickHouse writes"])
  }

  func testAVirtualHostThatRabbitMQDoesNotHaveIsTold() throws {
    let url = try TestStack.value("RABBITMQ_URL")
    let other = try XCTUnwrap(url.lastIndex(of: "/")).utf16Offset(in: url)
    try DoctorReport(["RABBITMQ_URL": url.prefix(other) + "/nowhere"], "--settings").assert(
      "RabbitMQ", "failed", "nowhere",
      "correct the database or the vhost in RABBITMQ_URL, or make it")
    try DoctorReport(["RABBITMQ_URL": url], "--settings").assertOK("RabbitMQ")
  }
}
