package import API
package import Links
package import Service

/// The name of a link in a request: a short code, and perhaps a domain.
package struct ShortURLName: Equatable, Sendable {
  /// A host name with a port.
  private static let longestDomain = 253 + 6
  /// Shlink's word for the default domain.
  private static let defaultWord = "DEFAULT"

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
      "domain", .string(atMost: Self.longestDomain, sample: Self.defaultWord),
      "The link's domain; the default one's name means the same as none.")
  }

  /// The link's key; nil when the domain can't be one.
  package func key(base: BaseURL) -> LinkKey? {
    guard let domain, !domain.isEmpty, domain.lowercased() != Self.defaultWord.lowercased() else {
      return LinkKey(slug)
    }
    // The same servers answer at the same port.
    guard let named = BaseURL(isTLS: base.isTLS, authority: domain[...]),
      named.port == nil || named.port == base.port
    else { return nil }
    return LinkKey(slug, domain: named.host == base.host ? "" : named.host)
  }
}
