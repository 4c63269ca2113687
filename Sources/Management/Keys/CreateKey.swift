package import API
package import Access
package import Metrics
package import Web

/// `POST /rest/v3/api-keys`: makes a key.
package struct CreateKey: Operation {
  package typealias Input = KeyCreation
  package typealias Output = IssuedKey
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/rest/v3/api-keys")
  package static let permission = Permission.create(.keys)
  package static let name = "createAPIKey"
  package static let topic = Topic.keys
  package static let summary = "Make an API key"
  package static let details = """
    The answer has the key itself, as `key`, this one time. A key makes only keys within its own rights. The \
    domain of a role that isn't there yet is made.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.apiKeyConflict]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> KeyCreation {
    KeyCreation(from: &reader)
  }

  package func perform(
    _ creation: KeyCreation, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> IssuedKey {
    let secret = KeySecret.random()
    let made = try stores.units.perform("make an API key", for: caller) { unit throws(TableError) in
      try unit.keys.create(creation, secret)
    }
    return IssuedKey(key: try made.orThrow(), secret: secret)
  }
}
