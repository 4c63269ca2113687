package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/api-keys/{id}`: deletes a key.
package struct DeleteKey: Operation {
  package typealias Input = Int
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/api-keys/{id}")
  package static let permission = Permission.edit(.keys)
  package static let name = "deleteAPIKey"
  package static let topic = Topic.keys
  package static let summary = "Delete an API key"
  package static let details = """
    It stops working within a second. The links that it made stay. The last key with all rights is deleted \
    on the server only, by `swiftlet key delete`.
    """
  package static let problems = [ProblemType.apiKeyNotFound]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Int {
    reader.segment("id", .keyID, "The key's id.")
  }

  package func perform(
    _ id: Int, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    let deleted = try stores.units.perform("delete an API key", for: caller) {
      unit throws(TableError) in try unit.keys.delete(id)
    }
    _ = try deleted.orThrow()
    return NoContent()
  }
}
