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
    /// Nil for all of them.
    let domain: String?
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
    let domain = AskedDomain.parameter(
      of: &reader, "Only visits in this domain; `\(AskedDomain.defaultWord)` is the default one.")
    let names = ["orphan", type?.rawValue ?? "", domain?.lowercased() ?? ""]
    return Input(type: type, domain: domain, filter: VisitFilter(from: &reader, of: names))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    let types = input.type.map { [$0] } ?? OrphanType.allCases
    let visits = stores.visits
    guard let domain = input.domain else {
      return try visits.list(try visits.orphans(types, for: caller), input.filter)
    }
    return try visits.list(try visits.orphans(types, in: domain, for: caller), input.filter)
  }
}
