package import API
package import Access
package import Metrics
import Service
import Web

/// `GET /rest/v3/domains`: the domains that have links or redirects.
package struct ListDomains: Operation {
  package typealias Input = NoInput
  package typealias Output = ListedDomains
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/domains")
  package static let permission = Permission.read(.domains)
  package static let topic = Topic.domains
  package static let summary = "List domains"
  package static let details = """
    The default domain comes first, then by name those that have links or redirects, \(DomainTable.limit) at \
    most.
    """
  package static let endpoint = Endpoint.domains

  package init() {}

  package func perform(
    _ input: NoInput, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ListedDomains {
    try stores.units.readList("list domains", for: caller) { unit throws(TableError) in
      try unit.domains.list(defaultName: stores.baseURL.authority)
    }
  }
}
