import Text

/// The name of a link within its domain: the part of a short URL after the host and a slash.
///
/// 1 to 255 bytes of `A-Z a-z 0-9 - . _ ~`; case matters. A slug ends in a letter or digit,
/// optionally followed by one of `- . _ ~`.
///
/// These are the unreserved characters of RFC 3986, so no URL needs to encode a slug. Once a path's
/// encoded unreserved characters are decoded, its slug is in the only form: all engines compare
/// bytes.
///
/// A slug may have several segments, with `/` between them and a letter or digit in each, if the installation
/// lets it (`SlugForm`). As a value it may always: the links that were made so stay manageable.
///
/// The end is restricted because running text also ends in such characters. A text that may be a
/// slug is looked up as written first (`Slug+Text.swift`). So each permitted end costs a look-up.
///
/// Generated slugs are the Base62 of a Snowflake id: 10 or 11 letters and digits, for all ids since
/// February 2024.
package struct Slug: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 255

  package let description: String

  /// Nil unless the bytes are a slug in its normal form.
  package init?(_ string: String) {
    var string = string
    guard string.withUTF8(Self.isSlug) else { return nil }
    description = string
  }

  /// The same without generics, for a part of every redirect's path.
  package init?(_ part: UnsafeBufferPointer<UInt8>) {
    guard Self.isSlug(part) else { return nil }
    description = String(decoding: part, as: UTF8.self)
  }

  package init(_ id: SnowflakeID) {
    description = Base62.encode(UInt64(bitPattern: id.rawValue))
  }

  /// Whether a slug may have a byte anywhere.
  package static func mayHave(_ byte: UInt8) -> Bool { PercentEncoding.isUnreserved(byte) }

  /// What stands for the list of domains where names are announced: no text of a path is this slug.
  static let domains = Slug(unchecked: ":domains")

  private init(unchecked text: String) {
    description = text
  }

  private static func isSlug(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...maximumLength).contains(bytes.count) else { return false }
    for byte in bytes where !PercentEncoding.isUnreserved(byte) {
      guard byte == UInt8(ascii: "/"), areSegments(bytes) else { return false }
      break
    }
    return Base62.contains(bytes[bytes.count - 1])
      || bytes.count > 1 && Base62.contains(bytes[bytes.count - 2])
  }

  private static func areSegments(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
      $0.contains(where: Base62.contains) && $0.allSatisfy(PercentEncoding.isUnreserved)
    }
  }
}
