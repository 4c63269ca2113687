package import API
package import Access
package import Metrics
package import Web

/// `POST /rest/v3/tenants`: makes a tenant.
package struct CreateTenant: Operation {
  package typealias Input = String
  package typealias Output = Tenant
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/rest/v3/tenants")
  package static let permission = Permission.create(.tenants)
  package static let topic = Topic.keys
  package static let summary = "Make a tenant"
  package static let details = """
    Its first key is made on the server, by `swiftlet key create --tenant NAME`.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.tenantConflict]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> String {
    reader.required(
      "name", .label(sample: "acme"), "What people call it; no other tenant has this name.")
  }

  package func perform(
    _ tenantName: String, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> Tenant {
    try stores.units.perform("make a tenant", for: caller) { unit throws(TableError) in
      try unit.tenants.create(named: tenantName)
    }.orThrow()
  }
}
