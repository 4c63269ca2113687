package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/short-urls/{shortCode}`: deletes a link, which can be restored for some time.
///
/// It may be repeated: a deleted link is announced again.
package struct DeleteShortURL: Operation {
  package typealias Input = ShortURLName
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/short-urls/{shortCode}")
  package static let permission = Permission.edit(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Delete a short URL"
  package static let details = """
    The redirect is answered by 410 until somebody gives the name to another link. For \
    \(ShortURLTable.restorableDays) days the link can be restored. The request may be repeated.
    """
  package static let problems = [
    ProblemType.Shlink.shortURLNotFound, ProblemType.Shlink.invalidDeletion,
  ]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> ShortURLName {
    ShortURLName(from: &reader)
  }

  package func perform(
    _ name: ShortURLName, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    guard let key = name.key(for: caller, base: stores.baseURL) else { throw .notFound(name) }
    let threshold = caller.key == nil ? 0 : stores.deletionThreshold
    let deleted = try stores.units.perform("delete a short URL", for: caller) {
      unit throws(TableError) -> Result<Void, ManagementFailure> in
      if threshold > 0, let link = try unit.shortURLs.find(key), link.visits >= threshold {
        return .failure(.visitedTooOften(name, threshold: threshold))
      }
      return try unit.shortURLs.delete(key) == nil ? .failure(.notFound(name)) : .success(())
    }
    try deleted.get()
    return NoContent()
  }
}
