import HTTPTypes
import JSON
import Links
package import Lookup
package import Serving
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

  package func answer(_: Request, _ segment: Request.Bytes) throws(Failure) -> Response {
    guard let code = PathCode(segment)?.code else { throw .unknownCode }
    let stats = try counted(code)
    if stats.isEmpty, try !exists(code) { throw .unknownCode }
    return Response(json: .ok, fields: [Response.Field("Cache-Control", "no-store")]) { json in
      stats.write(to: &json)
    }
  }

  private func counted(_ code: ShortCode) throws(Failure) -> LinkStats {
    do throws(StoreError) {
      return try stats.stats(for: code)
    } catch {
      throw Failure(error, "Statistics can't be read for now; redirects go on and are counted.")
    }
  }

  private func exists(_ code: ShortCode) throws(Failure) -> Bool {
    do throws(StoreError) {
      return try links.find(code) != nil
    } catch {
      throw Failure(error, "Whether the link exists can't be told for now.")
    }
  }
}
