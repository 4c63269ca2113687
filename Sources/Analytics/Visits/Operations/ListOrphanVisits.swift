package import API
package import Access
package import Metrics
import Sessions
import Web

/// `GET /rest/v3/visits/orphan`: the visits that met no link.
package struct ListOrphanVisits: Operation {
  package struct Input: Sendable {
    /// Nil for all of them.
    let type: OrphanType?
    let filter: VisitFilter
  }
  package typealias Output = VisitList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/visits/orphan")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the visits that met no short URL"
  package static let details = """
    \(VisitListWords.details) A flood of such visits is counted, but not all of them are kept: the list \
    has a sample then. A key with the role NO_ORPHAN_VISITS gets an empty list.
    """
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let type = reader.parameter(
      "type", .word(sample: OrphanType.invalidShortURL), "Only visits of this type.")
    return Input(
      type: type, filter: VisitFilter(from: &reader, of: ["orphan", type?.rawValue ?? ""]))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    let types = input.type.map { [$0] } ?? OrphanType.allCases
    return try stores.visits.list(try stores.visits.orphans(types, for: caller), input.filter)
  }
}
