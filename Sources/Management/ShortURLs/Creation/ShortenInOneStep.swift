package import API
package import Access
package import Destinations
package import Links
package import Metrics
import Web

/// `GET /rest/v3/short-urls/shorten`: makes a link by a URL alone, as bookmarks and shortcuts need it.
package struct ShortenInOneStep: Operation {
  package typealias Output = OneStepAnswer
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let longURL: DestinationURL
    package let isText: Bool

    package init(_ longURL: DestinationURL, isText: Bool) {
      self.longURL = longURL
      self.isText = isText
    }
  }

  package static let route = Route.get("/rest/v3/short-urls/shorten")
  package static let permission = Permission.create(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Make a short URL in one step"
  package static let details = """
    Each GET makes a link. HEAD makes none (405). Nor does a browser's prefetch, which says so by \
    `Sec-Purpose`, `Purpose`, `X-Purpose` or `X-Moz` (403). The key comes as the parameter `apiKey`, which \
    Swiftlet leaves out of its logs; browsers and proxies may remember it.
    """
  package static let takesKeyInQuery = true
  package static let changesByGET = true
  package static let endpoint = Endpoint.shortURLs

  private let ownHosts: OwnHosts

  package init(_ ownHosts: OwnHosts) {
    self.ownHosts = ownHosts
  }

  package func input(from reader: inout InputReader) -> Input {
    let longURL = reader.requiredParameter(
      "longUrl", .target(ownHosts), FieldType.targetSummary)
    let format = reader.parameter(
      "format", .oneStepFormat,
      """
      `txt` for the short URL alone, as plain text; `json` or nothing for JSON. Without the parameter `Accept` \
      decides: text, if text/plain comes first there.
      """)
    return Input(longURL, isText: format.map { $0 == .txt } ?? reader.prefersText)
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> OneStepAnswer {
    let link = try CreateShortURL(ownHosts).perform(
      ShortURLCreation(input.longURL), for: caller, in: stores)
    return OneStepAnswer(link, isText: input.isText)
  }
}
