package import API
package import Access
package import Links
package import Service

/// The name of a link in a request: a short code, and perhaps a domain.
package struct ShortURLName: Equatable, Sendable {
  /// A host name with a port.
  static let longestDomain = 253 + 6

  package let slug: Slug
  /// The domain as given; nil for the default one.
  package let domain: String?

  package init(_ slug: Slug, domain: String? = nil) {
    self.slug = slug
    self.domain = domain
  }

  package init(from reader: inout InputReader) {
    slug = reader.segment("shortCode", .slug, "The link's name.")
    domain = reader.parameter(
      "domain", .string(atMost: Self.longestDomain, sample: BaseURL.defaultDomain),
      "The link's domain; the default one's name means the same as none.")
  }

  /// The link's key for a caller, who may be bound to one domain; nil when the domain can't be one.
  package func key(for caller: Caller, base: BaseURL) -> LinkKey? {
    if let domain = caller.domain { return LinkKey(slug, domain: domain) }
    return base.domain(named: domain).map { LinkKey(slug, domain: $0) }
  }
}
