package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/api-keys`: a page of the keys.
package struct ListKeys: Operation {
  package typealias Input = Page
  package typealias Output = APIKeyList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/api-keys")
  package static let permission = Permission.read(.keys)
  package static let name = "listAPIKeys"
  package static let topic = Topic.keys
  package static let summary = "List API keys"
  package static let details = """
    Those of the key's own tenant, the oldest first. A key with a role sees only keys with the same role.
    """
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Page {
    Page(from: &reader, of: KeyTable.list)
  }

  package func perform(
    _ page: Page, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> APIKeyList {
    try stores.units.read("list API keys", for: caller) { unit throws(TableError) in
      try unit.keys.list(page)
    }
  }
}
