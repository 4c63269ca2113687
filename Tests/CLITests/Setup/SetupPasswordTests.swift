import Foundation
import TestSupport
import XCTest

/// `swiftlet setup` beside a PostgreSQL server that asks for passwords.
final class SetupPasswordTests: XCTestCase {
  private func names(_ text: String) -> String { text.replacing(/[A-Za-z0-9]{32}/, with: "*") }

  func testOneRoleGetsOnePasswordAndTheServersLogHasNone() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let port = try Socket.freePort()
    let server = try PrivatePostgres(demandingPasswordsOn: port)
    try server.ask("CREATE ROLE chief SUPERUSER LOGIN PASSWORD 'chief-secret'")
    // Two settings have one role, and one has its own.
    let owner = server.dsn("urls", as: "links")
    try bench.write([
      "PG_DSN": owner, "PG_LOOKUP_DSN": owner, "PG_API_DSN": owner + "?application_name=api",
      "PG_ANALYTICS_DSN": "host=127.0.0.1 port=\(port) dbname=urls user=counts",
    ])
    let others = ["PGPASSWORD": "chief-secret"]
    let admin = server.dsn("postgres", as: "chief")

    let dry = try bench.run("--dry-run", "--postgres-admin", admin, with: others)
    XCTAssertEqual(dry.status, 0, dry.complaint)
    let made = "the role links, the role counts, the database urls of links"
    XCTAssertTrue(dry.output.contains("would make: " + made), dry.output)
    XCTAssertEqual(bench.line("PG_DSN"), owner)

    let run = try bench.run("--postgres-admin", admin, with: others)
    XCTAssertEqual(run.status, 0, run.output + run.complaint)
    XCTAssertTrue(run.output.contains("made: " + made), run.output)
    let written = try ["PG_DSN", "PG_LOOKUP_DSN", "PG_API_DSN", "PG_ANALYTICS_DSN"]
      .map { try XCTUnwrap(bench.line($0)) }
    XCTAssertEqual(
      written.map(names),
      [
        owner + "?password=*", owner + "?password=*", owner + "?application_name=api&password=*",
        "host=127.0.0.1 port=\(port) dbname=urls user=counts password=*",
      ])
    let passwords = try written.map {
      String(try XCTUnwrap($0.firstMatch(of: /[A-Za-z0-9]{32}$/)).output)
    }
    XCTAssertEqual(Set(passwords[0...2]).count, 1)
    XCTAssertNotEqual(passwords[0], passwords[3])
    let log = try server.log
    XCTAssertTrue(log.contains("CREATE ROLE counts LOGIN PASSWORD 'SCRAM-SHA-256$"), log)
    for password in passwords {
      XCTAssertFalse((log + run.output + run.complaint).contains(password))
    }

    // The programs' own logins are enough by now.
    let second = try bench.run()
    XCTAssertEqual(second.status, 0, second.output + second.complaint)
    XCTAssertFalse(second.output.contains("made"), second.output)
    XCTAssertEqual(bench.line("PG_DSN"), written[0])
  }

  func testThePasswordOfAnAdministratorIsReadWhereOthersCannotSeeIt() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    try server.ask("CREATE ROLE chief SUPERUSER LOGIN PASSWORD 'chief-secret'")
    try bench.write(["PG_DSN": server.dsn("urls", as: "links")])
    func run(_ dsn: String, _ variables: [String: String]) throws -> CommandLineTool.Run {
      try bench.run("--dry-run", "--postgres-admin", dsn, with: variables)
    }
    let admin = server.dsn("postgres", as: "chief")
    let shown = try run(admin.replacing("chief@", with: "chief:chief-secret@"), [:])
    XCTAssertEqual(shown.status, 64, shown.complaint)
    XCTAssertTrue(shown.complaint.contains("PGPASSWORD"), shown.complaint)
    XCTAssertFalse(shown.complaint.contains("chief-secret"), shown.complaint)

    let none = try run(admin, [:])
    XCTAssertEqual(none.status, 69, none.complaint)
    XCTAssertTrue(none.complaint.contains("--postgres-admin: "), none.complaint)
    XCTAssertTrue(none.complaint.contains("PGPASSWORD, root's ~/.pgpass"), none.complaint)

    let (passwords, services) = (bench.scratch("pgpass"), bench.scratch("services"))
    try "*:*:*:chief:chief-secret\n".write(toFile: passwords, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: passwords)
    let port = try XCTUnwrap(admin.firstMatch(of: /:(\d+)\//)?.1)
    let service = [
      "[chief]", "host=127.0.0.1", "port=\(port)", "dbname=postgres", "user=chief",
      "password=chief-secret", "",
    ].joined(separator: "\n")
    try service.write(toFile: services, atomically: true, encoding: .utf8)
    for (dsn, variables) in [
      (admin, ["PGPASSWORD": "chief-secret"]), (admin, ["PGPASSFILE": passwords]),
      ("service=chief", ["PGSERVICEFILE": services]),
    ] {
      let found = try run(dsn, variables)
      XCTAssertEqual(found.status, 0, found.complaint)
      XCTAssertTrue(found.output.contains("would make: the role links"), found.output)
    }
  }

  func testAnAdministratorWhoMayNotMakeRolesIsTold() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    try server.ask("CREATE ROLE clerk LOGIN")
    try bench.write(["PG_DSN": server.dsn("urls", as: "links")])
    let clerk = server.dsn("postgres").replacing("user=postgres", with: "user=clerk")
    let run = try bench.run("--postgres-admin", clerk)
    XCTAssertEqual(run.status, 70, run.output + run.complaint)
    for words in ["FAILED: can't make the role links: permission denied", "--postgres-admin"] {
      XCTAssertTrue(run.complaint.contains(words), run.complaint)
    }
    // The password that it wrote before is the role's.
    let again = try bench.run("--postgres-admin", server.dsn("postgres"))
    XCTAssertEqual(again.status, 0, again.output + again.complaint)
  }

  func testADatabaseOfAnotherRoleIsToldWithTheCure() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    try server.ask("CREATE ROLE before LOGIN")
    try server.ask("CREATE DATABASE urls OWNER before")
    try bench.write(["PG_DSN": server.dsn("urls", as: "links")])
    let admin = server.dsn("postgres")
    let run = try bench.run("--postgres-admin", admin)
    XCTAssertEqual(run.status, 70, run.output + run.complaint)
    for words in ["permission denied for schema public", "ALTER DATABASE … OWNER TO …"] {
      XCTAssertTrue(run.complaint.contains(words), run.complaint)
    }
    try server.ask("ALTER DATABASE urls OWNER TO links")
    let again = try bench.run("--postgres-admin", admin)
    XCTAssertEqual(again.status, 0, again.output + again.complaint)
  }

  /// libpq takes the role's name for that of the database.
  func testALoginWithoutADatabaseGetsNoneOfItsOwn() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    let api = server.dsn("urls", as: "links_api")
    try bench.write([
      "PG_DSN": server.dsn("urls", as: "links"), "PG_API_DSN": api.replacing("/urls", with: "/"),
    ])
    let admin = server.dsn("postgres")
    let run = try bench.run("--postgres-admin", admin)
    XCTAssertEqual(run.status, 78, run.output + run.complaint)
    for words in [
      "PG_API_DSN means the database links_api, which isn't there",
      "do: name the database of PG_DSN in it: urls",
    ] {
      XCTAssertTrue(run.complaint.contains(words), run.complaint)
    }
    try bench.write(["PG_API_DSN": api])
    let again = try bench.run("--postgres-admin", admin)
    XCTAssertEqual(again.status, 0, again.output + again.complaint)
  }

  /// The programs are started without these variables, and so are tried without them.
  func testTheProgramsLoginsGetNothingOfAnAdministratorsVariables() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    try server.ask("CREATE ROLE links LOGIN PASSWORD 'links-secret'")
    try server.ask("CREATE DATABASE urls OWNER links")
    try bench.write(["PG_DSN": server.dsn("urls", as: "links")])
    let run = try bench.run(
      "--postgres-admin", server.dsn("postgres"), with: ["PGPASSWORD": "links-secret"])
    XCTAssertEqual(run.status, 70, run.output + run.complaint)
    XCTAssertTrue(
      run.complaint.contains("the role links is there and was not changed"), run.complaint)
  }
}
