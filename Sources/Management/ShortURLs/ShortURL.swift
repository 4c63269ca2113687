package import API
import JSON
package import Links
import Text

/// A link as people manage it, with Shlink's member names.
package struct ShortURL: JSONObjectAnswer, Equatable {
  /// Within which times, and how often, it leads somewhere.
  package struct Meta: Equatable, Sendable {
    /// Milliseconds since 1970; nil for no limit.
    package let validSince: Int64?
    package let validUntil: Int64?
    package let maxVisits: Int?
  }

  /// The limit of a shown URL: no working link has a longer one.
  static let longestURL = DestinationURL.maximumLength

  /// How many characters of a title there are at most.
  static let longestTitle = 512

  package let id: SnowflakeID
  /// Its name; a text that was inserted by hand may be no slug.
  package let shortCode: String
  /// Nil for the default domain.
  package let domain: String?
  /// The short URL, for people.
  package let shortURL: String
  /// Its destination; a text that was inserted by hand may be no valid URL.
  package let longURL: String
  /// Milliseconds since 1970.
  package let createdAt: Int64
  package let title: String?
  package let isEnabled: Bool
  package let meta: Meta
  package let isCrawlable: Bool
  package let forwardsQuery: Bool
  /// Whether people may see where it leads before they follow it.
  package let hasPreview: Bool
  package let hasRules: Bool
  package var tags: [String]
  /// How often its URL and rules were changed, and one more.
  package let number: Int
  /// All visits, those by bots included.
  package let visits: Int
  package let botVisits: Int

  package static let schemaName = "ShortUrl"
  package static let summary = "The link as it is now."
  package static let sample = ShortURL(
    id: SnowflakeID(rawValue: 1_126_524_027_366_668_422), shortCode: "1LDUVEdRXYk", domain: nil,
    shortURL: "http://localhost:8080/1LDUVEdRXYk",
    longURL: "https://example.com/a/long/path?with=query", createdAt: 1_790_000_000_000,
    title: "An example", isEnabled: true,
    meta: Meta(validSince: 1_790_000_000_000, validUntil: nil, maxVisits: 100),
    isCrawlable: false, forwardsQuery: true, hasPreview: true, hasRules: false, tags: ["news"],
    number: 1, visits: 12, botVisits: 2)

  package func write(to writer: inout FieldWriter) {
    writeContent(to: &writer)
    writer.object("visitsSummary", "How often it was visited, some seconds late.") { writer in
      writer.field("total", visits, .count(sample: 0), "All visits.")
      writer.field("nonBots", visits - botVisits, .count(sample: 0), "Those by people.")
      writer.field("bots", botVisits, .count(sample: 0), "Those by bots.")
    }
    writer.field(
      "revision", revision, .revision, "What it is now: another text after every change of it.")
  }

  /// Tells one state of the link from all others, whatever its visits.
  package var revision: String {
    var json = JSONWriter()
    FieldWriter.object(in: &json) { writeContent(to: &$0) }
    let digits = String(SipHash.hash(json.bytes), radix: 16)
    return "\(number)-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Writes all that people can change.
  private func writeContent(to writer: inout FieldWriter) {
    writer.field("shortCode", shortCode, .string(atMost: 255, sample: ""), "The link's name.")
    writer.field("shortUrl", shortURL, .url(sample: ""), "What people pass on.")
    writer.field("longUrl", longURL, .url(sample: ""), "Where it leads.")
    writer.field("dateCreated", createdAt, .time, "When it was made.")
    writer.list("tags", tags, of: .text(sample: ""), "The tags of the link.")
    writer.object("meta", "When and how often it leads somewhere.") { writer in
      writer.nullable("validSince", meta.validSince, .time, "It is not found before.")
      writer.nullable("validUntil", meta.validUntil, .time, "It is answered by 410 afterwards.")
      writer.nullable(
        "maxVisits", meta.maxVisits, .visitLimit, "How many visits by people it leads somewhere.")
    }
    writer.nullable(
      "domain", domain, .string(atMost: 253, sample: ""), "Its domain; null for the default one.")
    writer.nullable("title", title, .title, "What people call it.")
    writer.field("crawlable", isCrawlable, .boolean, "Whether robots.txt allows it.")
    writer.field(
      "forwardQuery", forwardsQuery, .boolean, "Whether the visitor's query is passed on.")
    writer.field(
      "preview", hasPreview, .boolean, "Whether its short URL with a + shows where it leads.")
    writer.field("hasRedirectRules", hasRules, .boolean, "Whether it has redirect rules.")
    writer.field(
      "enabled", isEnabled, .boolean, "Whether it leads anywhere; else it is answered by 410.")
    writer.field("id", "\(id.rawValue)", .id, "Its number for ever, whatever its name.")
  }
}

extension FieldType<String> {
  /// The state of a link.
  static var revision: FieldType<String> {
    .string(atMost: 64, pattern: "^[0-9]+-[0-9a-f]{16}$", sample: "1-0123456789abcdef")
  }

  /// The id of a link, as a string: many JSON readers can't hold such a large number.
  fileprivate static var id: FieldType<String> {
    FieldType(
      schema: Schema(["type": "string", "pattern": "^-?[0-9]{1,19}$"]), sample: "1"
    ) { value throws(InvalidValue) in
      guard let text = value.string, Int64(text) != nil else {
        throw InvalidValue("must be an id, digits in a string")
      }
      return text
    } write: {
      .string($0)
    }
  }
}
