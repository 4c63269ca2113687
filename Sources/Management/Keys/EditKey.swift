package import API
package import Access
package import Metrics
package import Web

/// `PATCH /rest/v3/api-keys/{id}`: changes some fields of a key.
package struct EditKey: Operation {
  package typealias Output = APIKey
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let id: Int
    package let edition: KeyEdition

    package init(_ id: Int, _ edition: KeyEdition) {
      self.id = id
      self.edition = edition
    }
  }

  package static let route = Route.patch("/rest/v3/api-keys/{id}")
  package static let permission = Permission.edit(.keys)
  package static let name = "editAPIKey"
  package static let topic = Topic.keys
  package static let summary = "Edit an API key"
  package static let details = """
    Fields that are absent stay as they are. All workers follow within a second. A key changes only keys \
    within its own rights, and never the last one with all rights so that it has fewer.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.apiKeyNotFound, .apiKeyConflict]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(reader.segment("id", .keyID, "The key's id."), KeyEdition(from: &reader))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> APIKey {
    try stores.units.perform("edit an API key", for: caller) { unit throws(TableError) in
      try unit.keys.edit(input.id, input.edition)
    }.orThrow()
  }
}
