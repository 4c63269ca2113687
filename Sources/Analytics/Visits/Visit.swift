package import API
import Text

/// A visit as people read it, with Shlink's member names.
package struct Visit: JSONObjectAnswer, Equatable {
  /// The id of its click: 32 hexadecimal digits.
  package let id: String
  /// Seconds since 1970.
  package let seconds: Int64
  package let referrer: String
  package let userAgent: String
  package let isBot: Bool
  /// The name under which the link was visited; for a visit without a link the visited path.
  package let code: String
  /// The authority of its domain; nil for the default one.
  package let domain: String?
  package let visitedURL: String
  /// Where the visitor was sent; nil when that isn't known, or nowhere.
  package let redirectURL: String?
  /// Why it met no link; nil for the visit of a link.
  package let type: OrphanType?

  package static let schemaName = "Visit"
  package static let summary = "A visit."
  package static let sample = Visit(
    id: "01983f2a7c5b4d1e8f60a1b2c3d4e5f6", seconds: 1_790_000_000,
    referrer: "https://news.example/", userAgent: "Mozilla/5.0", isBot: false,
    code: "1LDUVEdRXYk", domain: nil, visitedURL: "http://localhost:8080/1LDUVEdRXYk",
    redirectURL: "https://example.com/a/long/path?with=query",
    type: .invalidShortURL)

  package func write(to writer: inout FieldWriter) {
    writer.field("id", id, .eventID, "Its number for ever.")
    writer.field("date", seconds * 1000, .time, "When it was.")
    writer.field("referer", referrer, .text(sample: ""), "Where the visitor was sent from.")
    writer.field("userAgent", userAgent, .text(sample: ""), "What the program says it is.")
    writer.nullable("visitLocation", nil, .text(sample: ""), "Not known here.")
    writer.field("potentialBot", isBot, .boolean, "Whether the visitor is taken for a program.")
    writer.field("visitedUrl", visitedURL, .text(sample: ""), "The URL that was visited.")
    writer.nullable(
      "redirectUrl", redirectURL, .text(sample: ""),
      "Where the link led then, without what was added of the visitor's query; null when unknown.")
    writer.field("shortCode", code, .text(sample: ""), "The visited name, or the visited path.")
    writer.nullable("domain", domain, .text(sample: ""), "Its domain; null for the default one.")
    writer.sometimes { writer in
      guard let type else { return }
      writer.field(
        "type", type, .word(sample: .invalidShortURL), "Why it met no link; only of such visits.")
    }
  }
}

extension FieldType<String> {
  fileprivate static var eventID: FieldType {
    .text(pattern: "^[0-9a-f]{32}$", sample: Visit.sample.id)
  }
}
