/// The key of a link: a domain and a slug.
package struct LinkKey: Hashable, Sendable {
  package let slug: Slug
  /// A host in lower case, without a port; empty for the default domain, that of `BASE_URL`.
  package let domain: String

  package init(_ slug: Slug, domain: String = "") {
    self.slug = slug
    self.domain = domain
  }

  /// The key under which the list of domains is remembered and announced; no link has it.
  package static let domains = LinkKey(.domains)

  /// The key's name in announcements and in the hash of its generation.
  ///
  /// No slug has a colon, so no two keys share a name.
  package var name: String {
    isOfDefaultDomain ? slug.description : domain + ":" + slug.description
  }

  /// Whether it is a name in the default domain.
  package var isOfDefaultDomain: Bool { domain.isEmpty }

  /// Used by every redirect: an empty domain costs nothing.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(slug)
    if !domain.isEmpty { hasher.combine(domain) }
  }
}
