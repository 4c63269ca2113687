import HTTPTypes
import JSON
import Links
package import Lookup
import Sessions
import Visits
package import Web

/// `GET /stats/{short_code}`: what ClickHouse has counted.
package struct Statistics {
  private let stats: StatsStore
  private let links: LinkStore

  /// - Parameters:
  ///   - stats: ClickHouse.
  ///   - links: PostgreSQL, only to tell a link without clicks from an unknown code.
  package init(stats: StatsStore, links: LinkStore) {
    self.stats = stats
    self.links = links
  }

  package func answer(_: Request, _ segment: Request.Bytes) throws(AnalyticsFailure) -> Response {
    guard let code = PathCode(segment)?.code else { throw .unknownCode }
    let stats = try counted(code)
    if stats.isEmpty, try !exists(code) { throw .unknownCode }
    return Response(json: .ok, fields: [Response.Field("Cache-Control", "no-store")]) { json in
      stats.write(to: &json)
    }
  }

  private func counted(_ code: ShortCode) throws(AnalyticsFailure) -> LinkStats {
    do throws(StoreError) {
      return try stats.stats(for: code)
    } catch {
      throw .countsUnavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }

  private func exists(_ code: ShortCode) throws(AnalyticsFailure) -> Bool {
    do throws(StoreError) {
      return try links.find(code) != nil
    } catch {
      throw .linksUnavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }
}
