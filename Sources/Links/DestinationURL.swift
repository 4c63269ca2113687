/// A URL that a short code may lead to, in the very bytes that go into `Location`.
///
/// Bytes as given, with these exceptions: blanks and line ends around the URL are cut off; after the
/// host, non-ASCII bytes, blanks and `"` `<` `>` are percent-encoded, once; an internationalized host
/// is in punycode. So it is ASCII without control characters or blanks, absolute, `http` or `https`,
/// without user info, with a port that exists, 8 192 bytes at most. Its host is the one that a browser
/// opens; where readers could disagree about it, the URL is refused.
package struct DestinationURL: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 8192

  package let description: String

  /// For a URL that was checked before.
  package init(unchecked string: String) {
    description = string
  }

  /// A URL that an engine holds: nil when it can't go into `Location`.
  ///
  /// It was checked in full when it went in. This is a cheap look at what somebody else may have put
  /// there: scheme, length, and printable ASCII only.
  package init?(stored string: String) {
    var string = string
    let canBeSent = string.withUTF8 { bytes in
      // Looked at to its end: without a way out of the loop, many bytes are compared at once.
      var others: UInt8 = 0
      for byte in bytes { others |= byte &- 0x21 > 0x7E - 0x21 ? 1 : 0 }
      return others == 0 && bytes.count <= Self.maximumLength && Self.hasScheme(bytes)
    }
    guard canBeSent else { return nil }
    description = string
  }

  /// Whether a URL begins with `http://` or `https://`, in letters of either case.
  private static func hasScheme(_ url: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = url[...]
    for letter in "http".utf8 where rest.popFirst().map({ $0 | 0x20 }) != letter { return false }
    if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "s") { rest.removeFirst() }
    return rest.starts(with: "://".utf8)
  }
}
