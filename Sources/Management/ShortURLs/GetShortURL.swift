package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/short-urls/{shortCode}`: a link as it is now.
package struct GetShortURL: Operation {
  package typealias Input = ShortURLName
  package typealias Output = ShortURL
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/short-urls/{shortCode}")
  package static let permission = Permission.read(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Show a short URL"
  package static let details = "Disabled links and those out of their time are shown, too."
  package static let problems = [ProblemType.Shlink.shortURLNotFound]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> ShortURLName {
    ShortURLName(from: &reader)
  }

  package func perform(
    _ name: ShortURLName, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ShortURL {
    guard let key = name.key(for: caller, base: stores.baseURL) else { throw .notFound(name) }
    let found = try stores.units.read("show a short URL", for: caller) {
      unit throws(TableError) in try unit.shortURLs.find(key)
    }
    guard let found else { throw .notFound(name) }
    return found
  }
}
