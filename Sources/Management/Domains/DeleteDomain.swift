package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/domains/{domain}`: deletes a domain that no link and no key needs.
package struct DeleteDomain: Operation {
  package typealias Input = String
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/domains/{domain}")
  package static let permission = Permission.edit(.domains)
  package static let topic = Topic.domains
  package static let summary = "Delete a domain"
  package static let details = """
    It must have no links and no keys any more; its redirects are deleted with it. Another tenant can have it then. \
    All hosts know it within a second.
    """
  package static let problems = [
    ProblemType.Shlink.domainNotFound, .Shlink.invalidData, .domainInUse,
  ]
  package static let endpoint = Endpoint.domains

  package init() {}

  package func input(from reader: inout InputReader) -> String {
    reader.segment(
      "domain", .string(atMost: ShortURLName.longestDomain, sample: "go.example.com"), "The domain."
    )
  }

  package func perform(
    _ name: String, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    guard let domain = stores.baseURL.domain(named: name) else {
      throw .refused("domain", "must be the name of a host")
    }
    guard !domain.isEmpty else {
      throw .refused("domain", "is the default one, which can't be deleted")
    }
    let deletion = try stores.units.perform("delete a domain", for: caller) {
      unit throws(TableError) in try unit.domains.delete(domain)
    }
    switch deletion {
    case .deleted: return NoContent()
    case .notFound: throw .domainNotFound(domain)
    case .inUse: throw .domainInUse(domain)
    }
  }
}
