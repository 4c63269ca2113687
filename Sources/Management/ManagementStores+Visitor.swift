import Access
import Links

extension ManagementStores {
  private struct Owner {
    /// Nil for one that is deleted.
    let link: ShortURL?
  }

  /// Finds the link to which a host redirects: of its own domain, or else of the default one.
  ///
  /// - Parameters:
  ///   - slug: The link's name.
  ///   - host: The host that was asked, if it isn't the default one's; else empty.
  ///   - domain: A domain that the client names; then no other one is looked at.
  /// - Returns: The link for any caller; nil when there is none, or a deleted one.
  /// - Throws: `unavailable` without PostgreSQL.
  func visited(
    _ slug: Slug, on host: String, named domain: String? = nil
  ) throws(ManagementFailure) -> ShortURL? {
    let own = baseURL.domain(named: domain ?? host)
    if let own, let found = try find(LinkKey(slug, domain: own)) { return found.link }
    guard domain == nil, own != "" else { return nil }
    return try find(LinkKey(slug, domain: ""))?.link
  }

  /// Who had a name last; nil where nobody has had it.
  private func find(_ key: LinkKey) throws(ManagementFailure) -> Owner? {
    try units.read("find a short URL", for: .operator) { unit throws(TableError) in
      if let link = try unit.shortURLs.find(key) { return Owner(link: link) }
      let names = try unit.shortURLs.names(among: [key.slug], domain: key.domain)
      return names.isEmpty ? nil : Owner(link: nil)
    }
  }
}
