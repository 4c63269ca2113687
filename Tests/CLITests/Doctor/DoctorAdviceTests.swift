import Foundation
import Glibc
import TestSupport
import XCTest

/// What `swiftlet doctor` says of wrong settings, and that its advice cures it.
final class DoctorAdviceTests: XCTestCase {
  /// The engines of the stack, each by its own setting.
  private func engines() throws -> [String: String] {
    var variables: [String: String] = [:]
    for name in [
      "PG_DSN", "PG_API_DSN", "PG_LOOKUP_DSN", "PG_ANALYTICS_DSN", "PG_DISPATCHER_DSN",
      "CLICKHOUSE_URL", "REDIS_URL", "RABBITMQ_URL",
    ] {
      variables[name] = try TestStack.value(name)
    }
    return variables
  }

  func testOnlySettingsAndEnginesAreCheckedOnWish() throws {
    let found = try DoctorReport(
      engines().merging(["SWIFTLET_RUN": "/nonexistent", "JOURNAL_DIR": "/nonexistent"]) { $1 },
      "--settings")
    XCTAssertEqual(found.failed, [])
    for subject in [
      "settings", "PostgreSQL", "PostgreSQL logins", "Redis", "RabbitMQ", "ClickHouse",
      "nginx release",
    ] {
      try found.assertOK(subject)
    }
    XCTAssertNil(found["schema"])
    XCTAssertNil(found["journals"])
  }

  func testANameThatIsNoSettingIsToldWithTheOneThatIsMeant() throws {
    let directory = try ScratchDirectory("doctor")
    let file = directory("swiftlet.env")
    func write(_ name: String) throws {
      try "\(name)=https://sho.rt\nPORT=8080\n".write(
        toFile: file, atomically: true, encoding: .utf8)
    }
    let variables = try engines().merging(["SWIFTLET_ENV": file]) { $1 }
    try write("BASE_ULR")
    try DoctorReport(variables, "--settings").assert(
      "settings", "warning", "\(file): BASE_ULR is no setting",
      "write BASE_URL, or remove the line")
    let shown = try CommandLineTool().run("settings", with: variables)
    XCTAssertEqual(shown.status, 0)
    XCTAssertEqual(
      shown.complaint, "swiftlet: \(file): BASE_ULR is no setting; BASE_URL is one\n")
    try write("NOTHING_OF_OURS_AT_ALL")
    try DoctorReport(variables, "--settings").assert(
      "settings", "warning", "NOTHING_OF_OURS_AT_ALL",
      "remove the line")
    try write("BASE_URL")
    try DoctorReport(variables, "--settings").assertOK("settings")
    XCTAssertEqual(try CommandLineTool().run("settings", with: variables).complaint, "")
  }

  func testAWrongLoginIsToldWithTheSettingThatHasIt() throws {
    let right = try engines()
    let clickHouse = try XCTUnwrap(right["CLICKHOUSE_URL"])
    let broker = try XCTUnwrap(right["RABBITMQ_URL"])
    let wrong = [
      "PG_API_DSN": try XCTUnwrap(right["PG_DSN"]) + "_that_is_nobody",
      "CLICKHOUSE_URL": clickHouse.replacingOccurrences(of: "default@", with: "default:wrong@"),
      "RABBITMQ_URL": broker.replacingOccurrences(of: "guest:guest@", with: "guest:wrong@"),
      "REDIS_URL": try XCTUnwrap(right["REDIS_URL"])
        .replacingOccurrences(of: "unix://", with: "unix://:wrong@"),
    ]
    let found = try DoctorReport(right.merging(wrong) { $1 }, "--settings")
    for (subject, setting) in [
      ("PostgreSQL logins", "PG_API_DSN"), ("ClickHouse", "CLICKHOUSE_URL"),
      ("RabbitMQ", "RABBITMQ_URL"), ("Redis", "REDIS_URL"),
    ] {
      try found.assert(
        subject, "failed", "", "correct the user or the password in \(setting)")
    }
    let owner = try DoctorReport(
      ["PG_DSN": try XCTUnwrap(right["PG_DSN"]) + "_that_is_nobody"], "--settings")
    try owner.assert(
      "PostgreSQL", "failed", "does not exist", "correct the user or the password in PG_DSN")
    let place = try DoctorReport(
      ["PG_DSN": try PostgresDSN.database("swiftlet_no_such_database")], "--settings")
    try place.assert(
      "PostgreSQL", "failed", "does not exist", "correct the database")
    XCTAssertEqual(try DoctorReport(right, "--settings").failed, [])
  }

  func testADatabaseThatClickHouseDoesNotHaveIsToldBesideThoseThatHaveClicks() throws {
    let right = try engines()
    let url = try XCTUnwrap(right["CLICKHOUSE_URL"])
    let name = String(url[url.index(after: try XCTUnwrap(url.lastIndex(of: "/")))...])
    let found = try DoctorReport(right.merging(["CLICKHOUSE_URL": url + "x"]) { $1 })
    try found.assert(
      "ClickHouse database", "failed", "there is none named \(name)x; those with clicks: ",
      "correct the name in CLICKHOUSE_URL")
    XCTAssertTrue(found["ClickHouse database"]?["detail"]?.contains(name) == true)
    XCTAssertNil(found["schema"])
    let cured = try DoctorReport(right)
    XCTAssertNil(cured["ClickHouse database"])
    try cured.assertOK("schema")
  }
}
