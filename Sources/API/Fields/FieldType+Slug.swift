import JSON
package import Links
import Web

extension FieldType where Value == Slug {
  /// The name of a link.
  package static var slug: FieldType<Slug> {
    FieldType(
      schema: Schema(
        [
          "type": "string", "pattern": "^([0-9A-Za-z._~-]+/)*[0-9A-Za-z._~-]*[0-9A-Za-z][._~-]?$",
          "minLength": .number("1"), "maxLength": .number("255"),
          "description": """
          The name of a link: unreserved characters of RFC 3986, upper and lower case apart, with at \
          most one of - . _ ~ at the end. With MULTI_SEGMENT_SLUGS=1 it may have slashes. Codes made here are 10 or 11 letters and digits.
          """,
          "examples": .array(["1LDUVEdRXYk"]),
        ], named: "ShortCode"), sample: Slug(SnowflakeID(rawValue: 1_126_524_027_366_668_422))
    ) { value throws(InvalidValue) in
      guard let slug = value.string.flatMap({ Slug($0) }) else {
        throw InvalidValue("is no short code", as: .shortURLNotFound)
      }
      return slug
    } write: {
      .string($0.description)
    }
  }
}
