package import Access

/// The deletion of a domain that no link, no key and no redirect needs; for the command line alone.
package struct DeleteDomain {
  package init() {}

  /// Deletes a domain by any of its names.
  package func perform(
    _ name: String, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) {
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
    case .deleted: return
    case .notFound: throw .domainNotFound(domain)
    case .inUse: throw .refused("domain", "is in use: a link, an API key or a redirect needs it")
    }
  }
}
