/// A URL that a short code may lead to, in the exact bytes of `Location`.
///
/// The bytes are the given ones, with these exceptions:
///
/// - Blanks and line ends around the URL are removed.
/// - After the host, non-ASCII bytes, blanks and `"` `<` `>` are percent-encoded, once.
/// - An internationalized host is in punycode.
///
/// So it is ASCII without control characters or blanks, and has at most 8 192 bytes. One of `http` or
/// `https` is absolute, without user info, with a valid port. Its host is the one that a browser
/// opens; a URL with an ambiguous host is refused. URLs of other schemes, such as `mailto`, belong to
/// links of those who may make them.
package struct DestinationURL: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 8192

  package let description: String

  /// A URL that was checked before.
  package init(unchecked string: String) {
    description = string
  }

  /// A stored URL; nil when it can't be a `Location`.
  ///
  /// It was checked in full when it was stored. This is a cheap check of what others may have
  /// changed: scheme, length, and printable ASCII only.
  ///
  /// - Parameters:
  ///   - string: The URL.
  ///   - anyScheme: Whether it may have another scheme than `http` and `https`.
  package init?(stored string: String, anyScheme: Bool = false) {
    var string = string
    let canBeSent = string.withUTF8 { bytes in
      // The loop has no early exit: so many bytes are compared at once.
      var others: UInt8 = 0
      for byte in bytes { others |= byte &- 0x21 > 0x7E - 0x21 ? 1 : 0 }
      return others == 0 && bytes.count <= Self.maximumLength
        && (Self.isWeb(bytes) || anyScheme && URLScheme(of: bytes) == .other)
    }
    guard canBeSent else { return nil }
    description = string
  }

  /// Whether its scheme is `http` or `https`.
  package var isWeb: Bool {
    var string = description
    return string.withUTF8(Self.isWeb)
  }

  /// Whether a URL begins with `http://` or `https://`, in any case.
  private static func isWeb(_ url: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = url[...]
    for letter in "http".utf8 where rest.popFirst().map({ $0 | 0x20 }) != letter { return false }
    if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "s") { rest.removeFirst() }
    return rest.starts(with: "://".utf8)
  }
}
