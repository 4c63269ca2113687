package import API
package import Access
import Links
package import Metrics
import Sessions
package import Web

/// `GET /rest/v3/short-urls/{shortCode}/visits`: the visits of one link.
package struct ListLinkVisits: Operation {
  package struct Input: Sendable {
    let slug: Slug
    /// As given.
    let domain: String?
    let filter: VisitFilter
  }
  package typealias Output = VisitList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/short-urls/{shortCode}/visits")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the visits of a short URL"
  package static let details = VisitListWords.details
  package static let problems = [ProblemType.Shlink.shortURLNotFound]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let slug = reader.segment("shortCode", .slug, "The link's name.")
    let domain = reader.parameter(
      "domain", .string(atMost: AskedDomain.limit, sample: AskedDomain.defaultWord),
      "The link's domain; without it the default one.")
    let filter = VisitFilter(
      from: &reader, of: ["link", slug.description, domain?.lowercased() ?? ""])
    return Input(slug: slug, domain: domain, filter: filter)
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    let visits = stores.visits
    let link = try visits.link(input.slug, in: input.domain, for: caller)
    return try visits.list(.links([link]), input.filter)
  }
}

/// What all lists of visits have in common.
enum VisitListWords {
  static let details = """
    Newest first. Without `itemsPerPage` a page has \(VisitFilter.limits.size) visits. A visit shows up \
    about a second after it happened.
    """
}
