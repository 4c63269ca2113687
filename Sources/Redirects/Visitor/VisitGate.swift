package import Clicks
package import FastCGI
import HTTPTypes
package import Links
package import Lookup
package import Service
import Sessions
import Visitors
package import Web

/// Holds links to their limits of visits: exactly as many visitors are redirected.
///
/// Only look-up and retry workers ask PostgreSQL. A redirect worker hands on each request for such a
/// link.
package struct VisitGate {
  private let budgets: VisitBudgets?
  private let backlog: Backlog
  /// Nil in a retry worker: it is asked again for visits that may have spent the last one.
  private let spentLinks: SpentLinks?

  /// - Parameters:
  ///   - budgets: PostgreSQL; nil for a redirect worker.
  ///   - backlog: The requests that wait for this worker.
  ///   - role: The worker's.
  package init(budgets: VisitBudgets?, backlog: Backlog, role: ShortenerRole) {
    self.budgets = budgets
    self.backlog = backlog
    spentLinks = role == .lookups ? SpentLinks() : nil
  }

  /// Lets a request pass that may be redirected; a person's visit spends one of those left.
  ///
  /// What is no such visit passes while visits are left, and spends none.
  ///
  /// - Parameters:
  ///   - link: The link.
  ///   - request: The visitor's.
  ///   - event: The request's event.
  ///   - now: Milliseconds, by a clock that never steps.
  /// - Throws: `spent` when no visit is left, `handedOn` or `unavailable` when this worker can't know.
  package func pass(
    _ link: ManagedLink, _ request: Request, _ event: EventID, at now: Int64
  ) throws(RedirectFailure) {
    guard let budgets else {
      throw request.isLastResort ? .unavailable(retryAfterSeconds: 1) : .handedOn
    }
    if spentLinks?.contains(link.id, at: now) == true { throw .spent }
    let waited = backlog.milliseconds
    guard waited < LinkLookup.patienceMilliseconds else {
      throw .unavailable(retryAfterSeconds: 1)
    }
    let passes: Bool
    do throws(StoreError) {
      passes =
        request.isVisitByPerson
        ? try budgets.spend(link.id, event, waited: waited) : try budgets.hasVisits(link.id)
    } catch {
      throw .unavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
    guard passes else {
      spentLinks?.insert(link.id, at: now)
      throw .spent
    }
  }
}

extension Request {
  /// Whether the answer will be followed: a click.
  var isVisit: Bool { method == .get && !isPrefetch }

  /// Whether a person follows it, by the user agent.
  fileprivate var isVisitByPerson: Bool {
    isVisit && !AgentTable.shared.agent(userAgent).isBot
  }
}
