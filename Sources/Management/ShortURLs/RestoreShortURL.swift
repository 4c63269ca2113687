package import API
package import Access
package import Metrics
package import Web

/// `POST /rest/v3/short-urls/{shortCode}/restore`: undoes a deletion.
package struct RestoreShortURL: Operation {
  package typealias Input = ShortURLName
  package typealias Output = ShortURL
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/rest/v3/short-urls/{shortCode}/restore")
  package static let permission = Permission.edit(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Restore a deleted short URL"
  package static let details = """
    For \(ShortURLTable.restorableDays) days after it was deleted, unless its name was given again. Of \
    several deleted links of one name it is the one that was deleted last. The link is as it was before.
    """
  package static let problems = [
    ProblemType.Shlink.shortURLNotFound, ProblemType.Shlink.nonUniqueSlug,
  ]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> ShortURLName {
    ShortURLName(from: &reader)
  }

  package func perform(
    _ name: ShortURLName, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ShortURL {
    guard let key = name.key(for: caller, base: stores.baseURL) else { throw .notFound(name) }
    let restored = try stores.units.perform("restore a short URL", for: caller) {
      unit throws(TableError) -> Result<ShortURL, ManagementFailure> in
      if let restored = try unit.shortURLs.restore(key) { return .success(restored) }
      if try unit.shortURLs.isRestorable(key) { return .failure(.nameTaken(name)) }
      // The request may be repeated.
      return try unit.shortURLs.find(key).map { .success($0) } ?? .failure(.notFound(name))
    }
    return try restored.get()
  }
}
