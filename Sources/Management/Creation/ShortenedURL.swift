package import API
package import HTTPTypes
package import Links
package import Web

/// The answer for a link's creator: its name, its short URL and its destination.
package struct ShortenedURL: JSONObjectAnswer {
  package static let schemaName = "Link"
  package static let summary = "The link is stored."
  package static let sample = ShortenedURL(
    Link(
      id: SnowflakeID(rawValue: 1_126_524_027_366_668_422),
      destination: DestinationURL(unchecked: "https://example.com/a/long/path?with=query")),
    base: "http://localhost:8080")

  private let link: Link
  /// The URL that people pass on.
  package let shortURL: String

  package init(_ link: Link, base: String) {
    self.link = link
    shortURL = base + "/" + link.slug.description
  }

  package var status: HTTPResponse.Status { .created }

  package var response: Response {
    Response(json: status, location: shortURL) { json in write(to: &json) }
  }

  package func write(to writer: inout FieldWriter) {
    writer.field("short_code", link.slug, .slug)
    writer.field("short_url", shortURL, .url(sample: ""))
    writer.field("original_url", link.destination.description, .url(sample: ""))
  }

  package static var forms: [AnswerForm] {
    [
      AnswerForm(
        .created, summary, fields: [.location("The short URL.")], content: content)
    ]
  }
}
