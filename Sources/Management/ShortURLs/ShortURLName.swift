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
      "The link's domain. Only the default one has links; its name means the same as none.")
  }

  /// The link's key; nil for another domain than the default one, since no other has links.
  package func key(base: BaseURL) -> LinkKey? {
    let defaults = ["", Self.defaultWord.lowercased(), base.host, base.authority]
    return defaults.contains((domain ?? "").lowercased()) ? LinkKey(slug) : nil
  }
}
