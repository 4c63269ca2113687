import Clicks
import EngineSupport
import FastCGI
import HTTPTypes
import Links
import Lookup
import Postgres
import Redirects
import Service
import Sessions
import Web
import XCTest

/// A link whose visits are spent, in a worker that remembers it.
final class VisitGateTests: XCTestCase {
  private let link = ManagedLink(
    id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "https://example.com/"),
    terms: LinkTerms(isLimited: true))

  private func passes(_ gate: VisitGate, at now: Int64) throws(RedirectFailure) -> Bool {
    do throws(RedirectFailure) {
      let none = Request.Bytes(start: nil, count: 0)
      try gate.pass(link, Request(method: .get, target: none), .random(), at: now)
      return true
    } catch .spent {
      return false
    } catch {
      throw error
    }
  }

  func testOnlyALookUpWorkerRemembersForAMomentThatAllVisitsAreSpent() throws {
    let database = try ScratchPostgres()
    let admin = try database.admin()
    func set(allowed: Int) throws {
      try admin.executeScript(
        unsafe: """
          DELETE FROM visit_budgets;
          INSERT INTO visit_budgets (link, allowed, spent) VALUES (4711, \(allowed), 8)
          """, "set a budget", timeoutMilliseconds: 60_000)
    }
    func gate(_ role: ShortenerRole) throws -> VisitGate {
      let budgets = VisitBudgets(
        try database.session(["PG_READ_TIMEOUT_MS": "60000"]),
        try database.settings(["PG_READ_TIMEOUT_MS": "60000"]))
      return VisitGate(budgets: budgets, backlog: Backlog(), role: role)
    }
    try set(allowed: 8)
    let (lookups, retries) = (try gate(.lookups), try gate(.retries))
    for gate in [lookups, retries] { XCTAssertFalse(try passes(gate, at: 1000)) }
    try set(allowed: 9)
    XCTAssertFalse(try passes(lookups, at: 1499), "it asks nobody")
    XCTAssertTrue(try passes(retries, at: 1499), "it may be asked for the last visit again")
    XCTAssertTrue(try passes(lookups, at: 1500))
  }

  /// Otherwise one row stops all look-ups of the worker, and what it gave up is spent later.
  func testABudgetThatSomebodyHoldsIsNoFailureOfPostgreSQLAndSpendsNothing() throws {
    let database = try ScratchPostgres()
    let settings = try database.settings([
      "PG_READ_TIMEOUT_MS": "9000", "PG_WRITE_TIMEOUT_MS": "30000",
    ])
    let session = PostgresSession(settings, as: .lookup, program: "test", log: .quiet)
    let (budgets, links) = (VisitBudgets(session, settings), LinkStore(session, settings))
    let (admin, other) = (try database.admin(), try database.admin())
    try admin.executeScript(
      unsafe: "INSERT INTO visit_budgets (link, allowed) VALUES (4711, 5)", "add",
      timeoutMilliseconds: 60_000)
    let event = EventID.random()
    try links.ping()
    try other.executeScript(
      unsafe: "BEGIN; SELECT FROM visit_budgets FOR UPDATE", "lock", timeoutMilliseconds: 60_000)
    XCTAssertThrowsError(try budgets.spend(link.id, event)) {
      XCTAssertEqual(($0 as? StoreError)?.kind, .timeout)
    }
    try links.ping()
    try other.executeScript(unsafe: "ROLLBACK", "unlock", timeoutMilliseconds: 60_000)
    XCTAssertTrue(try budgets.spend(link.id, event))
    let spent = try admin.executeOnce(
      "SELECT spent FROM visit_budgets", "look", timeoutMilliseconds: 60_000
    ).one { row throws(PostgresError) in try row.integer() }
    XCTAssertEqual(spent, 1)
  }
}
