package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/visits/non-orphan`: the visits of all links.
package struct ListVisits: Operation {
  package struct Input: Sendable {
    /// Nil for all of them.
    let domain: String?
    let filter: VisitFilter
  }
  package typealias Output = VisitList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/visits/non-orphan")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the visits of all short URLs"
  package static let details = VisitListWords.details
  package static let problems: [ProblemType] = [.tooManyLinks]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let domain = AskedDomain.parameter(
      of: &reader,
      "Only visits of links in this domain; `\(AskedDomain.defaultWord)` is the default one.")
    return Input(
      domain: domain,
      filter: VisitFilter(from: &reader, of: ["non-orphan", domain?.lowercased() ?? ""]))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    let visits = stores.visits
    if let domain = input.domain {
      return try visits.list(try visits.set(in: domain, for: caller) ?? .links([]), input.filter)
    }
    return try visits.list(try visits.everything(for: caller), input.filter)
  }
}
