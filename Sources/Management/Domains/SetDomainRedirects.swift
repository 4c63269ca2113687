package import API
package import Access
package import Destinations
package import Metrics
import Web

/// `PATCH /rest/v3/domains/redirects`: says where a domain sends those who ask for no link.
package struct SetDomainRedirects: Operation {
  package typealias Input = DomainRedirectsEdition
  package typealias Output = DomainRedirects
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.patch("/rest/v3/domains/redirects")
  package static let permission = Permission.edit(.domains)
  package static let topic = Topic.domains
  package static let summary = "Set the redirects of a domain"
  package static let details = """
    Redirects that are absent stay as they are. A domain that nobody has becomes the caller's. A tenant \
    has \(DomainTable.tenantLimit) at most. All hosts know it within a second.
    """
  package static let body = BodyForm.lenient
  package static let endpoint = Endpoint.domains

  private let ownHosts: OwnHosts

  package init(_ ownHosts: OwnHosts) {
    self.ownHosts = ownHosts
  }

  package func input(from reader: inout InputReader) -> DomainRedirectsEdition {
    DomainRedirectsEdition(from: &reader, ownHosts)
  }

  package func perform(
    _ edition: DomainRedirectsEdition, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> DomainRedirects {
    guard let domain = caller.domain ?? stores.baseURL.domain(named: edition.domain) else {
      throw .refused("domain", "must be the name of a host")
    }
    try stores.refuse(
      leadingBack: [
        ("baseUrlRedirect", edition.baseURL.value),
        ("regular404Redirect", edition.regular404.value),
        ("invalidShortUrlRedirect", edition.invalidShortURL.value),
      ], from: domain)
    let operation = "set the redirects of a domain"
    let (claim, redirects) = try stores.units.perform(operation, for: caller) {
      unit throws(TableError) -> (DomainClaim, DomainRedirects?) in
      let claim = try unit.domains.claim(domain)
      return (claim, claim == .granted ? try unit.domains.set(edition, of: domain) : nil)
    }
    if claim == .full { throw DomainClaim.fullFailure }
    guard let redirects else { throw .refused("domain", DomainClaim.notYours) }
    return redirects
  }
}
