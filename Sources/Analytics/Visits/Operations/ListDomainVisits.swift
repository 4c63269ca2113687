package import API
package import Access
package import Metrics
import Sessions
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
    let visits = stores.visits
    let asked = AskedDomain.stored(input.domain, base: visits.base)
    guard caller.domain == nil || caller.domain == asked else {
      throw .domainNotFound(input.domain)
    }
    let visibility = Visibility(of: caller)
    let number = try visits.reading { () throws(StoreError) in
      try visits.links.domain(asked, of: caller.tenant, visibility)
    }
    guard let number else { throw .domainNotFound(input.domain) }
    // A domain of its own has links of one tenant alone.
    let isWhole = try visits.reading { () throws(StoreError) in
      asked.isEmpty
        ? try visits.links.isEverything(visibility) : !visibility.isOfAuthor
    }
    if isWhole { return try visits.list(.all(domain: number), input.filter) }
    let links = try visits.reading { () throws(StoreError) in
      try visits.links.links(in: asked, for: visibility)
    }
    return try visits.list(try visits.set(of: links), input.filter)
  }
}
