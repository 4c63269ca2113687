package import API
import JSON
package import Links

/// A link as people manage it, with Shlink's member names.
package struct ShortURL: JSONObjectAnswer, Equatable {
  /// The limit of a shown URL: no working link has a longer one.
  static let longestURL = DestinationURL.maximumLength

  /// How many characters of a title there are at most.
  static let longestTitle = 512

  package let id: SnowflakeID
  /// Its name; a text that was inserted by hand may be no slug.
  package let shortCode: String
  /// Its destination; a text that was inserted by hand may be no valid URL.
  package let longURL: String
  /// Milliseconds since 1970.
  package let createdAt: Int64
  package let title: String?
  package let isEnabled: Bool
  private let base: String

  /// A link of a row; `base` is the beginning of short URLs.
  init(
    id: SnowflakeID, shortCode: String, longURL: String, createdAt: Int64, title: String?,
    isEnabled: Bool, base: String
  ) {
    self.id = id
    self.shortCode = shortCode
    self.longURL = longURL
    self.createdAt = createdAt
    self.title = title
    self.isEnabled = isEnabled
    self.base = base
  }

  /// The short URL, for people.
  package var shortURL: String { base + "/" + shortCode }

  package static let schemaName = "ShortUrl"
  package static let summary = "The link as it is now."
  package static let sample = ShortURL(
    id: SnowflakeID(rawValue: 1_126_524_027_366_668_422), shortCode: "1LDUVEdRXYk",
    longURL: "https://example.com/a/long/path?with=query", createdAt: 1_790_000_000_000,
    title: "An example", isEnabled: true, base: "http://localhost:8080")

  package func write(to writer: inout FieldWriter) {
    writer.field("shortCode", shortCode, .string(atMost: 255, sample: ""), "The link's name.")
    writer.field("shortUrl", shortURL, .url(sample: ""), "What people pass on.")
    writer.field("longUrl", longURL, .url(sample: ""), "Where it leads.")
    writer.field("dateCreated", createdAt, .time, "When it was made.")
    writer.nullable(
      "domain", nil, .string(atMost: 253, sample: ""), "Its domain; null for the default one.")
    writer.nullable("title", title, .title, "What people call it.")
    writer.field(
      "enabled", isEnabled, .boolean, "Whether it leads anywhere; else it is answered by 410.")
    writer.field("id", "\(id.rawValue)", .id, "Its number for ever, whatever its name.")
  }
}

extension FieldType<String> {
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
