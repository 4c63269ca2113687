import Foundation
import TestSupport
import XCTest

/// What the programs may do in PostgreSQL, by the logins that the stack gives them.
final class RightsSiteTests: XCTestCase {
  private func ask(_ login: String, _ statement: String) throws -> (status: Int32, output: String) {
    try Command.run(
      "/usr/bin/psql",
      ["-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, TestStack.value(login)])
  }

  private func swiftlet(_ words: String...) throws -> (status: Int32, output: String) {
    try Command.run(TestStack.programs.appendingPathComponent("swiftlet").path, words)
  }

  private let select = "SELECT count(*) FROM short_urls"
  private let insert =
    "INSERT INTO short_urls (snowflake_id, short_code, original_url) VALUES (-1, 'x', 'x')"
  private let update =
    "UPDATE short_urls SET original_url = 'x', disabled_at = now(), deleted_at = now()"
  private let others = [
    "UPDATE short_urls SET short_code = 'x'", "UPDATE short_urls SET snowflake_id = 1",
    "UPDATE short_urls SET created_at = now()", "DELETE FROM short_urls", "TRUNCATE short_urls",
    "SELECT count(*) FROM schema_migrations", "CREATE TABLE mine (n int)",
  ]
  private let leases = ["SELECT * FROM worker_leases", "UPDATE worker_leases SET owner = 'x'"]

  func testALookUpLoginMayReadLinksAndNothingElse() throws {
    for login in ["PG_LOOKUP_DSN", "PG_ANALYTICS_DSN"] {
      XCTAssertEqual(try ask(login, select).status, 0)
      for statement in [insert, update] + others + leases {
        let (status, output) = try ask(login, statement)
        XCTAssertNotEqual(status, 0, statement)
        XCTAssertTrue(output.contains("permission denied for"), "\(login): \(output)")
      }
    }
  }

  func testTheLoginOfTheAPIMayMakeAndChangeLinksButNeitherRenameNorRemoveThem() throws {
    XCTAssertEqual(try ask("PG_API_DSN", select).status, 0)
    XCTAssertEqual(try ask("PG_API_DSN", "BEGIN; \(insert); ROLLBACK").status, 0)
    for statement in [
      leases[1], update + " WHERE false", "INSERT INTO outbox (link, slug) VALUES (1, 'x')",
      "INSERT INTO units (id) VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING",
    ] {
      let (status, output) = try ask("PG_API_DSN", "BEGIN; \(statement); ROLLBACK")
      XCTAssertEqual(status, 0, output)
    }
    for statement in others + [
      "DELETE FROM worker_leases", "SELECT * FROM outbox", "DELETE FROM units",
    ] {
      let (status, output) = try ask("PG_API_DSN", statement)
      XCTAssertNotEqual(status, 0, statement)
      XCTAssertTrue(output.contains("permission denied for"), output)
    }
  }

  func testTheLoginOfTheDispatcherMayEmptyTheOutboxAndSetTitlesAndSeesNoLinksName() throws {
    for statement in [
      "SELECT count(*) FROM outbox", "UPDATE outbox SET due_at = NULL WHERE false",
      "DELETE FROM outbox WHERE false", "DELETE FROM units WHERE ended_at < '-infinity'",
      "DELETE FROM spent_visits WHERE spent_at < '-infinity'",
      "SELECT * FROM announced_cache",
      "SELECT snowflake_id, original_url FROM short_urls WHERE false",
      "UPDATE short_urls SET title = 'x', title_wanted = false WHERE title_wanted AND false",
      "UPDATE announced_cache SET identity = 'x' WHERE false",
      "BEGIN; INSERT INTO announced_cache VALUES (true, 'x') ON CONFLICT DO NOTHING; ROLLBACK",
    ] {
      let (status, output) = try ask("PG_DISPATCHER_DSN", statement)
      XCTAssertEqual(status, 0, output)
    }
    for statement in [
      "SELECT short_code FROM short_urls", "SELECT * FROM short_urls", insert, update,
      "INSERT INTO units (id) VALUES (gen_random_uuid())", "SELECT * FROM visit_budgets",
      "UPDATE spent_visits SET spent_at = now()", "INSERT INTO outbox (link, slug) VALUES (1, 'x')",
      "DELETE FROM announced_cache", "TRUNCATE outbox",
    ] + others + leases {
      let (status, output) = try ask("PG_DISPATCHER_DSN", statement)
      XCTAssertNotEqual(status, 0, statement)
      XCTAssertTrue(output.contains("permission denied for"), output)
    }
  }

  func testEachProgramAsksByItsOwnLogin() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/rights")
    _ = try site.http.get("/stats/\(code)")
    for turn in 0..<20 { _ = try site.http.get("/noCodeOfRights\(turn)") }
    // A worker of another test may be ending.
    var sessions: [String] = []
    let areOwn = try eventually(seconds: 30) {
      sessions = try ask(
        "PG_DSN",
        """
        SELECT DISTINCT application_name, usename FROM pg_stat_activity
        WHERE application_name ~ '^swiftlet-(api|analytics|dispatcher|shortener-lookups)$' ORDER BY 1, 2
        """
      ).output.split(separator: "\n").map(String.init)
      return sessions == [
        "swiftlet-analytics|swiftlet_analytics", "swiftlet-api|swiftlet_api",
        "swiftlet-dispatcher|swiftlet_dispatcher",
        "swiftlet-shortener-lookups|swiftlet_lookup",
      ]
    }
    XCTAssertTrue(areOwn, "\(sessions)")
  }

  func testDoctorNamesARightThatIsMissingAndMigrateGrantsIt() throws {
    let site = try Site()
    XCTAssertEqual(try ask("PG_DSN", "REVOKE INSERT ON short_urls FROM swiftlet_api").status, 0)
    defer { _ = try? swiftlet("migrate") }
    let (status, findings) = try swiftlet("doctor")
    XCTAssertEqual(status, 1)
    XCTAssertTrue(
      findings.contains("schema: pending: GRANT INSERT ON short_urls TO swiftlet_api"), findings)
    let refused = try site.http.post(
      "/shorten", json: #"{"original_url":"https://example.com/refused"}"#)
    assertProblem(refused, 503)
    XCTAssertFalse(refused.text.contains("permission"), refused.text)
    let (migrated, applied) = try swiftlet("migrate")
    XCTAssertEqual(migrated, 0, applied)
    XCTAssertTrue(
      applied.contains("applied  postgres/GRANT INSERT ON short_urls TO swiftlet_api"), applied)
    _ = try site.shorten("https://example.com/granted")
    XCTAssertTrue(try swiftlet("doctor").output.contains("ok       schema: "))
  }
}
