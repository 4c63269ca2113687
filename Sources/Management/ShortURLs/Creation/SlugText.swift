import API
import JSON
package import Links

/// A slug as somebody writes it, or its beginning: what may be stored of it, before it is known to be one.
///
/// Blanks become dashes, as in Shlink, and so do slashes, unless a slug may have several segments. All other
/// characters must be unreserved in URLs.
package struct SlugText: Equatable, Sendable {
  package let text: String

  package init?(_ written: String, _ slugs: SlugForm) {
    let slash = UInt8(ascii: "/")
    let text = written.utf8.map { byte in
      byte == UInt8(ascii: " ") || byte == slash && slugs == .oneSegment ? UInt8(ascii: "-") : byte
    }
    guard text.count <= Slug.maximumLength,
      text.allSatisfy({ Slug.mayHave($0) || $0 == slash })
    else { return nil }
    self.text = String(decoding: text, as: UTF8.self)
  }

  /// Nothing.
  package static let empty = SlugText(unchecked: "")

  private init(unchecked text: String) {
    self.text = text
  }

  /// Why a text is none.
  static let expectation = "may have A-Z, a-z, 0-9, - . _ ~ and blanks only, 255 characters at most"
}

extension FieldType<SlugText> {
  /// A slug that somebody wants, or its beginning.
  static func slugText(_ slugs: SlugForm, sample: StaticString) -> FieldType {
    FieldType(
      schema: Schema(["type": "string", "maxLength": .number("\(Slug.maximumLength)")]),
      sample: SlugText("\(sample)", slugs) ?? .empty
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      guard let slug = SlugText(text, slugs) else { throw InvalidValue(SlugText.expectation) }
      return slug
    } write: {
      .string($0.text)
    }
  }
}
