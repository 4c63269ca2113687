package import Destinations
import HTTPTypes
import Links
package import Lookup
package import Metrics
package import Serving
import Sessions
package import Web

/// `POST /shorten`: makes links and answers 201 once PostgreSQL has them.
///
/// Requests that wait for the same worker are stored by one commit, which costs much more than a row.
package final class Shorten {
  private let ids: IDSource
  private let links: LinkStore
  private let cache: LinkCache
  private let baseURL: String
  private let ownHosts: OwnHosts
  private let meter: Meter
  private var taken: [DestinationURL] = []

  package init(
    ids: IDSource, links: LinkStore, cache: LinkCache, baseURL: String, ownHosts: OwnHosts,
    meter: Meter
  ) {
    self.ids = ids
    self.links = links
    self.cache = cache
    self.baseURL = baseURL
    self.ownHosts = ownHosts
    self.meter = meter
  }

  package func take(_ request: Request) throws(Failure) {
    do throws(Failure) {
      taken.append(try ShortenRequest(request, ownHosts: ownHosts).destination)
    } catch {
      meter.count(.shorten, error.problem.status)
      throw error
    }
  }

  /// Answers what was taken, in its order.
  package func answer() -> [Response] {
    defer { taken.removeAll(keepingCapacity: true) }
    return links.create(taken, ids: ids).map { created in
      let response = answer(created)
      meter.count(.shorten, response.status)
      return response
    }
  }

  private func answer(_ created: Result<Link, StoreError>) -> Response {
    switch created {
    case .success(let link):
      cache.remember(link)
      return Response(json: .created, location: link.shortURL(base: baseURL)) { json in
        link.write(to: &json, base: baseURL)
      }
    case .failure(let error):
      return Failure(error, "Links can't be stored for now.").problem.response
    }
  }
}
