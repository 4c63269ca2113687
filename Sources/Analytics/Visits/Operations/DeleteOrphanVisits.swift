package import API
package import Access
package import Metrics
import Sessions
import Web

/// `DELETE /rest/v3/visits/orphan`: deletes the visits that met no link.
package struct DeleteOrphanVisits: Operation {
  package typealias Input = NoInput
  package typealias Output = DeletedVisits
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.delete("/rest/v3/visits/orphan")
  package static let permission = Permission.edit(.visits)
  package static let topic = Topic.visits
  package static let summary = "Delete the visits that met no short URL"
  package static let details = """
    \(DeletedVisits.details) A key with the role NO_ORPHAN_VISITS deletes nothing, and neither does one that \
    doesn't see those of all domains.
    """
  package static let endpoint = Endpoint.visits

  package init() {}

  package func perform(
    _: NoInput, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> DeletedVisits {
    let orphans = try stores.visits.orphans(OrphanType.allCases, for: caller)
    // They are counted by type alone: those of one domain can't be taken out of the counts.
    guard case .orphans(_, domains: nil) = orphans, !orphans.isEmpty else {
      return DeletedVisits(count: 0)
    }
    return try stores.visits.delete(orphans)
  }
}
