package import API
package import Access
package import Metrics
import Places
package import Web

/// `GET /rest/v3/short-urls/{shortCode}/redirect-rules`: the rules of a link.
package struct ListRedirectRules: Operation {
  package typealias Input = ShortURLName
  package typealias Output = RuleList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/short-urls/{shortCode}/redirect-rules")
  package static let permission = Permission.read(.shortURLs)
  package static let topic = Topic.redirectRules
  package static let summary = "List the redirect rules of a short URL"
  package static let problems = [ProblemType.Shlink.shortURLNotFound]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> ShortURLName {
    ShortURLName(from: &reader)
  }

  package func perform(
    _ name: ShortURLName, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> RuleList {
    guard let key = name.key(for: caller, base: stores.baseURL) else { throw .notFound(name) }
    let link = try stores.units.read("find redirect rules", for: caller) {
      unit throws(TableError) in try unit.shortURLs.rules(of: key)
    }
    guard let link else { throw .notFound(name) }
    return RuleList(longURL: link.longURL, stored: link.rules, stores.places.state())
  }
}
