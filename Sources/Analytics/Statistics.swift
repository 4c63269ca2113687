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
    let stats = try stats(of: Slug.readings(of: segment))
    return Response(json: .ok, fields: [Response.Field("Cache-Control", "no-store")]) { json in
      stats.write(to: &json)
    }
  }

  /// Those of the first slug that is a link's: of one with clicks, or one that PostgreSQL knows.
  ///
  /// Where PostgreSQL can't tell of the first slug, the second is taken if it has clicks. So a full stop
  /// behind a link costs its statistics nothing then.
  private func stats(of slugs: [Slug]) throws(AnalyticsFailure) -> LinkStats {
    var failure = AnalyticsFailure.unknownCode
    for slug in slugs {
      let stats = try counted(slug)
      if !stats.isEmpty { return stats }
      do throws(AnalyticsFailure) {
        if try exists(slug) { return stats }
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private func counted(_ slug: Slug) throws(AnalyticsFailure) -> LinkStats {
    do throws(StoreError) {
      return try stats.stats(for: slug)
    } catch {
      throw .countsUnavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }

  private func exists(_ slug: Slug) throws(AnalyticsFailure) -> Bool {
    do throws(StoreError) {
      return try links.find(LinkKey(slug)) != nil
    } catch {
      throw .linksUnavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }
}
