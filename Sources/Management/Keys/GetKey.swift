package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/api-keys/{id}`: one key.
package struct GetKey: Operation {
  package typealias Input = Int
  package typealias Output = APIKey
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/api-keys/{id}")
  package static let permission = Permission.read(.keys)
  package static let name = "getAPIKey"
  package static let topic = Topic.keys
  package static let summary = "Show an API key"
  package static let problems = [ProblemType.apiKeyNotFound]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Int {
    reader.segment("id", .keyID, "The key's id.")
  }

  package func perform(
    _ id: Int, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> APIKey {
    let found = try stores.units.read("find an API key", for: caller) { unit throws(TableError) in
      try unit.keys.find(id)
    }
    guard let found else { throw .key(.notFound) }
    return found
  }
}
