package import API

/// What anybody may know of a link before following it.
package struct LinkPreview: JSONObjectAnswer, Equatable {
  package let shortURL: String
  package let longURL: String
  /// Milliseconds since 1970.
  package let createdAt: Int64
  package let hasRules: Bool

  package init(_ link: ShortURL) {
    shortURL = link.shortURL
    longURL = link.longURL
    createdAt = link.createdAt
    hasRules = link.hasRules
  }

  package static let schemaName = "Preview"
  package static let summary = "Where the link leads. A browser (`Accept: text/html`) gets a page."
  package static let sample = LinkPreview(.sample)

  package func write(to writer: inout FieldWriter) {
    writer.field("shortUrl", shortURL, .url(sample: ""), "What people pass on.")
    writer.field("longUrl", longURL, .url(sample: ""), "Where it leads.")
    writer.field("dateCreated", createdAt, .time, "When it was made.")
    writer.field(
      "hasRedirectRules", hasRules, .boolean, "Whether some visitors are led elsewhere.")
  }
}
