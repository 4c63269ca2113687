package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/tenants`: a page of the tenants.
package struct ListTenants: Operation {
  package typealias Input = Page
  package typealias Output = TenantList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/tenants")
  package static let permission = Permission.read(.tenants)
  package static let topic = Topic.keys
  package static let summary = "List tenants"
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Page {
    Page(from: &reader, of: TenantTable.list)
  }

  package func perform(
    _ page: Page, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> TenantList {
    try stores.units.read("list tenants", for: caller) { unit throws(TableError) in
      try unit.tenants.list(page)
    }
  }
}
