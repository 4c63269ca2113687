package import API
package import Links
import Text

/// How a new link is named.
package enum NewName: Equatable, Sendable {
  /// By a slug that its maker wants.
  case wanted(Slug)
  /// By a code that is made, behind a beginning that may be empty.
  case made(beginning: SlugText, length: Int?)

  package init(from reader: inout InputReader, _ slugs: SlugForm) {
    let slug =
      reader.optional(
        "customSlug", .slugText(slugs, sample: "summer-sale"),
        """
        The name that the link is to have. Blanks become dashes, and so do slashes, unless the installation \
        has MULTI_SEGMENT_SLUGS=1. All else must be letters of ASCII, digits, - . _ or ~. It ends in a \
        letter or digit, or one behind that. Without one, or with an empty one, a code is made.
        """) ?? .empty
    let beginning =
      reader.optional(
        "pathPrefix", .slugText(slugs, sample: "news-"),
        "Put before the slug or the code, without anything between, by the same rules.") ?? .empty
    let length = reader.optional(
      "shortCodeLength", .integer(in: 4...Slug.maximumLength, sample: 5),
      "How many characters a code has; it is random then. Without meaning beside customSlug.")
    guard !slug.text.isEmpty else {
      self = .made(beginning: beginning, length: length)
      return
    }
    let text = beginning.text + slug.text
    let whole = Slug(text)
    if let whole, !whole.isReserved {
      self = .wanted(whole)
    } else {
      reader.refuse("customSlug", whole == nil ? Self.refusal(of: text) : Self.reserved)
      self = .made(beginning: .empty, length: nil)
    }
  }

  /// Why a text of permitted characters is no slug, and what would be one.
  static func refusal(of text: String) -> String {
    guard text.utf8.count <= Slug.maximumLength else {
      return """
        is too long: a name has \(Slug.maximumLength) characters at most, its beginning among them; these are \
        \(text.utf8.count)
        """
    }
    guard text.utf8.suffix(2).contains(where: Base62.contains) else {
      return "must end in a letter or digit, behind which one of - . _ ~ may stand"
    }
    return "must have a letter or digit before, between and behind its slashes"
  }

  static let reserved = "is reserved: Swiftlet or all hosts have paths of this name"

  /// A slug for a link; nil when none comes of it, as with a beginning that is too long.
  func slug(for id: SnowflakeID, _ codes: CodeStyle) -> Slug? {
    switch self {
    case .wanted(let slug): slug
    case .made(let beginning, let length):
      Slug(beginning.text + codes.code(for: id, length: length))
    }
  }
}
