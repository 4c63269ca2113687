package import API
package import Links
package import Service

/// By what a request names a link: a short code, and maybe a domain.
package struct ShortURLName: Equatable, Sendable {
  /// A host name with a port.
  private static let longestDomain = 253 + 6
  /// Shlink's word for the default domain.
  private static let defaultWord = "DEFAULT"

  package let slug: Slug
  /// As it was given; nil for the default one.
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

  /// What the link is reached by; nil for another domain than the default one: no other has links.
  package func key(base: BaseURL) -> LinkKey? {
    let defaults = ["", Self.defaultWord.lowercased(), base.host, base.authority]
    return defaults.contains((domain ?? "").lowercased()) ? LinkKey(slug) : nil
  }
}
