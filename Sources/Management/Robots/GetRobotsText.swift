package import API
package import Access
import Links
package import Metrics
import Service
import Web

/// `GET /robots.txt`: what robots may follow on a host.
package struct GetRobotsText: Operation {
  /// The host that was asked, if it isn't the default one's; else empty.
  package typealias Input = String
  package typealias Output = RobotsText
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/robots.txt")
  package static let permission = Permission.open
  package static let topic = Topic.links
  package static let summary = "Read what robots may follow"
  package static let details = """
    The `crawlable` links of this host's domain, and those of the default one, to which it redirects, too. Of \
    each domain the first \(CrawlableLinks.limit) in the order of slugs, as far as they fit into \
    \(CrawlableLinks.maximumBytes) bytes. A robot compares the beginning of a path. So a link is also allowed \
    whose slug begins with that of an allowed one; its redirect has `X-Robots-Tag: noindex`.
    """
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> String { reader.host }

  package func perform(
    _ host: String, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> RobotsText {
    var domains = [""]
    if let own = stores.baseURL.domain(named: host), !own.isEmpty { domains.insert(own, at: 0) }
    var lines: [String] = []
    for domain in domains {
      let text = try stores.crawlable.lines(of: domain, at: SystemClock.bootMilliseconds()) {
        () throws(ManagementFailure) in
        try stores.units.read("list crawlable links", for: .operator) {
          unit throws(TableError) in try unit.shortURLs.crawlable(in: domain)
        }
      }
      lines.append(text)
    }
    return RobotsText(allowing: lines)
  }
}
