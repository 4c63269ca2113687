import Clicks
package import FastCGI
import HTTPTypes
import Links
package import Lookup
import Sessions
import Web

/// Holds links to their limits of visits: exactly as many visitors are redirected.
///
/// Only look-up and retry workers ask PostgreSQL. A redirect worker hands on each request for such a
/// link.
package struct VisitGate {
  private let budgets: VisitBudgets?
  private let backlog: Backlog

  /// - Parameters:
  ///   - budgets: PostgreSQL; nil for a redirect worker.
  ///   - backlog: The requests that wait for this worker.
  package init(budgets: VisitBudgets?, backlog: Backlog) {
    self.budgets = budgets
    self.backlog = backlog
  }

  /// Lets a request pass that may be redirected; a visit spends one of those left.
  ///
  /// What is no visit passes while visits are left, and spends none.
  ///
  /// - Throws: `gone` when no visit is left, `handedOn` or `unavailable` when this worker can't know.
  func pass(
    _ link: ManagedLink, _ request: Request, _ event: EventID
  ) throws(RedirectFailure) {
    guard let budgets else {
      throw request.isLastResort ? .unavailable(retryAfterSeconds: 1) : .handedOn
    }
    guard backlog.milliseconds < LinkLookup.patienceMilliseconds else {
      throw .unavailable(retryAfterSeconds: 1)
    }
    let passes: Bool
    do throws(StoreError) {
      passes =
        request.isVisit
        ? try budgets.spend(link.id, event) : try budgets.hasVisits(link.id)
    } catch {
      throw .unavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
    guard passes else { throw .gone }
  }
}

extension Request {
  /// Whether a person will see the answer: a click.
  var isVisit: Bool { method == .get && !isPrefetch }
}
