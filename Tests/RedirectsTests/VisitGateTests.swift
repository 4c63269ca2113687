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
    } catch .gone {
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
}
