package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/tenants/{name}`: deletes a tenant that has nothing.
package struct DeleteTenant: Operation {
  package typealias Input = String
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/tenants/{name}")
  package static let permission = Permission.edit(.tenants)
  package static let topic = Topic.keys
  package static let summary = "Delete a tenant"
  package static let details = """
    It must have no keys, no domains and no links any more.
    """
  package static let problems = [ProblemType.tenantNotFound, .tenantConflict]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> String {
    reader.segment("name", .label(sample: "acme"), "The tenant's name.")
  }

  package func perform(
    _ tenantName: String, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    let deleted = try stores.units.perform("delete a tenant", for: caller) {
      unit throws(TableError) in try unit.tenants.delete(named: tenantName)
    }
    _ = try deleted.orThrow()
    return NoContent()
  }
}
