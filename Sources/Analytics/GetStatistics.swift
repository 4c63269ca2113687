package import API
package import Access
package import Links
package import Metrics
import Sessions
package import Visits
package import Web

/// `GET /stats/{short_code}`: what ClickHouse has counted of a link.
package struct GetStatistics: Operation {
  /// The slugs that the path may name, in the order in which they are looked up.
  package typealias Input = [Slug]
  package typealias Output = LinkStats
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/stats/{short_code…}")
  package static let permission = Permission.offered(.statistics)
  package static let name = "stats"
  package static let topic = Topic.statistics
  package static let summary = "Read what was counted for a link"
  package static let problems: [ProblemType] = [
    .shortURLNotFound.when(
      "No link has this code, or it is deleted.", detail: ProblemType.shortURLNotFound.summary),
    .serviceUnavailable.when(
      """
      ClickHouse can't be read for now, or PostgreSQL can't tell which link has this name; redirects \
      go on and are counted.
      """, detail: "Statistics can't be read for now; redirects go on and are counted."),
  ]
  package static let endpoint = Endpoint.stats

  package init() {}

  package func input(from reader: inout InputReader) -> [Slug] {
    reader.segment(
      "short_code", .slugsInText,
      """
      The code of a short URL; upper and lower case are different. Text that follows a code in a \
      message is no part of it (CODE/, CODE., CODE&x=y).
      """)
  }

  package func perform(
    _ slugs: [Slug], for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> LinkStats {
    let stats: LinkStats?
    do throws(StoreError) {
      stats = try stores.statistics.stats(of: slugs, for: caller)
    } catch {
      throw .unavailable(error)
    }
    guard let stats else { throw .unknownCode }
    return stats
  }
}
