package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/domains/{domain}/visits`: the visits of all links in a domain.
package struct ListDomainVisits: Operation {
  package struct Input: Sendable {
    let domain: String
    let filter: VisitFilter
  }
  package typealias Output = VisitList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/domains/{domain}/visits")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the visits of the short URLs in a domain"
  package static let details = VisitListWords.details
  package static let problems: [ProblemType] = [.Shlink.domainNotFound, .tooManyLinks]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let domain = reader.segment(
      "domain", .string(atMost: AskedDomain.limit, sample: AskedDomain.defaultWord),
      "The domain; `\(AskedDomain.defaultWord)` and the name of the default one mean that.")
    return Input(
      domain: domain, filter: VisitFilter(from: &reader, of: ["domain", domain.lowercased()]))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    guard let set = try stores.visits.set(in: input.domain, for: caller) else {
      throw .domainNotFound(input.domain)
    }
    return try stores.visits.list(set, input.filter)
  }
}
