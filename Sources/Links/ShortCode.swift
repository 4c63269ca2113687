import Text

/// The name of a link in its short URL: 1 to 32 characters of `0-9A-Za-z`, upper and lower apart.
///
/// Codes made here are the Base62 of a Snowflake id, 11 characters at most.
package struct ShortCode: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 32

  package let description: String

  /// Nil unless every byte is of the alphabet and the length fits.
  package init?(_ bytes: some Collection<UInt8>) {
    guard (1...Self.maximumLength).contains(bytes.count), bytes.allSatisfy(Base62.contains) else {
      return nil
    }
    description = String(decoding: bytes, as: UTF8.self)
  }

  package init?(_ string: String) {
    self.init(string.utf8)
  }

  /// The same for a part of a request's path, on the way of every redirect: not generic.
  package init?(_ part: UnsafeBufferPointer<UInt8>) {
    guard (1...Self.maximumLength).contains(part.count) else { return nil }
    for byte in part where !Base62.contains(byte) { return nil }
    description = String(decoding: part, as: UTF8.self)
  }

  package init(_ id: SnowflakeID) {
    description = Base62.encode(UInt64(bitPattern: id.rawValue))
  }

  /// For a code that an engine holds and that was checked when it went in.
  package init(unchecked string: String) {
    description = string
  }
}
