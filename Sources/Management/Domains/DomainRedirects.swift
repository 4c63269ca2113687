package import API

/// Where a domain sends those who ask for no link of it.
package struct DomainRedirects: JSONObjectAnswer, Equatable {
  /// For the domain itself, without a path.
  package var baseURL: String?
  /// For a path that no link can have.
  package var regular404: String?
  /// For a name that no link has.
  package var invalidShortURL: String?

  /// None.
  package init() {}

  init(baseURL: String?, regular404: String?, invalidShortURL: String?) {
    self.baseURL = baseURL
    self.regular404 = regular404
    self.invalidShortURL = invalidShortURL
  }

  package static let schemaName = "NotFoundRedirects"
  package static let summary = "The redirects of a domain."
  package static let sample = DomainRedirects(
    baseURL: "https://example.com/home", regular404: nil,
    invalidShortURL: "https://example.com/unknown")

  package func write(to writer: inout FieldWriter) {
    writer.nullable(
      "baseUrlRedirect", baseURL, .url(sample: ""), "For the domain itself, without a path.")
    writer.nullable(
      "regular404Redirect", regular404, .url(sample: ""), "For a path that no link can have.")
    writer.nullable(
      "invalidShortUrlRedirect", invalidShortURL, .url(sample: ""), "For a name that no link has.")
  }
}
