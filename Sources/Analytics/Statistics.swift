import HTTPTypes
import JSON
import Links
import Sessions
import Visits
package import Web

/// `GET /stats/{short_code}`: what ClickHouse has counted.
package struct Statistics {
  private let lookup: StatsLookup

  package init(_ lookup: StatsLookup) {
    self.lookup = lookup
  }

  package func answer(_: Request, _ segment: Request.Bytes) throws(AnalyticsFailure) -> Response {
    guard let stats = try stats(of: Slug.readings(of: segment)) else { throw .unknownCode }
    return Response(json: .ok, fields: [Response.Field("Cache-Control", "no-store")]) { json in
      stats.write(to: &json)
    }
  }

  private func stats(of slugs: [Slug]) throws(AnalyticsFailure) -> LinkStats? {
    do throws(StoreError) {
      return try lookup.stats(of: slugs)
    } catch {
      let seconds = error.retryAfterSeconds
      throw error.store == .clickHouse
        ? .countsUnavailable(retryAfterSeconds: seconds)
        : .linksUnavailable(retryAfterSeconds: seconds)
    }
  }
}
