package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/tags/{tag}/visits`: the visits of all links with a tag.
package struct ListTagVisits: Operation {
  package struct Input: Sendable {
    let tag: String
    /// Nil for all of them.
    let domain: String?
    let filter: VisitFilter
  }
  package typealias Output = VisitList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/tags/{tag}/visits")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the visits of the short URLs with a tag"
  package static let details = VisitListWords.details
  package static let problems: [ProblemType] = [.Shlink.tagNotFound, .tooManyLinks]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let tag = reader.segment(
      "tag", .string(atMost: 255, sample: "news"), "The tag's name, in any case.")
    let domain = AskedDomain.parameter(
      of: &reader,
      "Only visits of links in this domain; `\(AskedDomain.defaultWord)` is the default one.")
    let names = ["tag", tag.lowercased(), domain?.lowercased() ?? ""]
    return Input(tag: tag, domain: domain, filter: VisitFilter(from: &reader, of: names))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> VisitList {
    let set = try stores.visits.set(tagged: input.tag, in: input.domain, for: caller)
    return try stores.visits.list(set, input.filter)
  }
}
