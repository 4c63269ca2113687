package import API
package import Access
import Links
package import Metrics
import Sessions
package import Web

/// `DELETE /rest/v3/short-urls/{shortCode}/visits`: deletes the visits of one link.
package struct DeleteLinkVisits: Operation {
  package struct Input: Sendable {
    let slug: Slug
    /// As given.
    let domain: String?
  }
  package typealias Output = DeletedVisits
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.delete("/rest/v3/short-urls/{shortCode}/visits")
  package static let permission = Permission.edit(.visits)
  package static let topic = Topic.visits
  package static let summary = "Delete the visits of a short URL"
  package static let details = DeletedVisits.details
  package static let problems = [ProblemType.Shlink.shortURLNotFound]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(
      slug: reader.segment("shortCode", .slug, "The link's name."),
      domain: reader.parameter(
        "domain", .string(atMost: AskedDomain.limit, sample: AskedDomain.defaultWord),
        "The link's domain; without it the default one."))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> DeletedVisits {
    let visits = stores.visits
    let link = try visits.link(input.slug, in: input.domain, for: caller)
    return try visits.delete(.links([link]))
  }
}
