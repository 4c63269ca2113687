package import API
package import Access
package import Metrics
import Sessions
import Web

/// `GET /rest/v3/visits`: how many visits there are.
package struct CountVisits: Operation {
  package typealias Input = NoInput
  package typealias Output = VisitTotals
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/visits")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "Count all visits"
  package static let details = "Those of short URLs and those that met none, by people and by bots."
  package static let endpoint = Endpoint.visits

  package init() {}

  package func perform(
    _: NoInput, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitTotals {
    let visits = stores.visits
    let visibility = Visibility(of: caller)
    let ofLinks = try visits.reading { () throws(StoreError) in
      try visits.links.isEverything(visibility)
        ? try visits.store.totals(of: .all(domain: nil))
        : try visits.links.totals(for: visibility)
    }
    let orphans = try visits.orphans(OrphanType.allCases, for: caller)
    return VisitTotals(
      ofLinks: ofLinks,
      orphans: try visits.reading { () throws(StoreError) in
        try visits.store.totals(of: orphans)
      })
  }
}
