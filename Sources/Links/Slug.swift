import Text

/// The name of a link within its domain: what stands behind the host and a slash in a short URL.
///
/// 1 to 255 bytes of `A-Z a-z 0-9 - . _ ~`, upper and lower case apart. A slug ends in a letter or
/// digit, with at most one of `- . _ ~` behind it.
///
/// These are the unreserved characters of RFC 3986, so no URL needs to encode a slug. A path whose
/// unreserved characters were decoded once has a slug in its only form: all engines compare bytes. A
/// `/` is not among them: a slug is one segment of a path.
///
/// The end is bounded because running text ends in such characters, too. A text that may be a slug is
/// looked up as written first (`Slug+Text.swift`). So each permitted end costs a look-up of its own.
///
/// Slugs made here are the Base62 of a Snowflake id: 10 or 11 letters and digits since February 2024,
/// for as long as there are ids.
package struct Slug: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 255

  package let description: String

  /// Nil unless the bytes are a slug in its normal form.
  package init?(_ string: String) {
    var string = string
    guard string.withUTF8(Self.isSlug) else { return nil }
    description = string
  }

  /// The same for a part of a request's path, on the way of every redirect: not generic.
  package init?(_ part: UnsafeBufferPointer<UInt8>) {
    guard Self.isSlug(part) else { return nil }
    description = String(decoding: part, as: UTF8.self)
  }

  package init(_ id: SnowflakeID) {
    description = Base62.encode(UInt64(bitPattern: id.rawValue))
  }

  private static func isSlug(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...maximumLength).contains(bytes.count) else { return false }
    for byte in bytes where !PercentEncoding.isUnreserved(byte) { return false }
    return Base62.contains(bytes[bytes.count - 1])
      || bytes.count > 1 && Base62.contains(bytes[bytes.count - 2])
  }
}
