package import API
package import Access
package import Metrics
package import Web

/// `POST /rest/v3/api-keys/{id}/rotate`: another secret for the same key.
package struct RotateKey: Operation {
  package typealias Input = Int
  package typealias Output = IssuedKey
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/rest/v3/api-keys/{id}/rotate")
  package static let permission = Permission.edit(.keys)
  package static let name = "rotateAPIKey"
  package static let topic = Topic.keys
  package static let summary = "Give an API key another secret"
  package static let details = """
    The old secret stops working within a second. The answer has the new one, as `key`, this one time.
    """
  package static let problems = [ProblemType.apiKeyNotFound]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Int {
    reader.segment("id", .keyID, "The key's id.")
  }

  package func perform(
    _ id: Int, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> IssuedKey {
    let secret = KeySecret.random()
    let rotated = try stores.units.perform("rotate an API key", for: caller) {
      unit throws(TableError) in try unit.keys.rotate(id, to: secret)
    }
    return IssuedKey(key: try rotated.orThrow(), secret: secret)
  }
}
