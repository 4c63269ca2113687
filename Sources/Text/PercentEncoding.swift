import Glibc

/// Percent-encoding in URLs (RFC 3986, section 2.1).
package enum PercentEncoding {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Whether there may be anything to decode; a cheap check.
  package static func mayOccur(in path: Bytes) -> Bool {
    guard let start = path.baseAddress else { return false }
    return memchr(start, Int32(UInt8(ascii: "%")), path.count) != nil
  }

  /// Writes a path with its unreserved characters decoded.
  ///
  /// It names the same resource (RFC 3986, section 6.2.2.2).
  ///
  /// nginx also decodes these before it chooses a location, so both read the same path. All other
  /// bytes stay as written, and nothing is decoded twice.
  ///
  /// - Parameters:
  ///   - path: A path from the request line.
  ///   - room: At least as long as the path.
  /// - Returns: The number of bytes written.
  package static func decodeUnreserved(
    _ path: Bytes, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (read, written) = (0, 0)
    while read < path.count {
      if let byte = byte(in: path, at: read), isUnreserved(byte) {
        room[written] = byte
        read += 3
      } else {
        room[written] = path[read]
        read += 1
      }
      written += 1
    }
    return written
  }

  /// The encoded byte at this place; nil when there is none.
  package static func byte(in text: Bytes, at index: Int) -> UInt8? {
    guard index >= 0, index + 2 < text.count, text[index] == UInt8(ascii: "%"),
      let high = UInt8(hexDigit: text[index + 1]), let low = UInt8(hexDigit: text[index + 2])
    else { return nil }
    return high << 4 | low
  }

  /// The bytes with everything decoded once; a percent sign that encodes nothing is kept.
  ///
  /// - Parameters:
  ///   - text: Part of a URL.
  ///   - plusIsBlank: Whether `+` is a blank, as in the query that a form makes.
  /// - Returns: The bytes, which need not be UTF-8.
  package static func decoded(
    _ text: some Collection<UInt8>, plusIsBlank: Bool = false
  ) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text[...]
    while let first = rest.popFirst() {
      let digits = rest.prefix(2)
      if first == UInt8(ascii: "%"), digits.count == 2, let high = digits.first,
        let high = UInt8(hexDigit: high), let low = digits.dropFirst().first,
        let low = UInt8(hexDigit: low)
      {
        decoded.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(plusIsBlank && first == UInt8(ascii: "+") ? UInt8(ascii: " ") : first)
      }
    }
    return decoded
  }

  /// Writes one byte as `%XX`.
  package static func append(_ byte: UInt8, to text: inout [UInt8]) {
    text += [UInt8(ascii: "%"), UInt8.upperHexDigit(byte >> 4), UInt8.upperHexDigit(byte & 0xF)]
  }

  /// Whether a URL may have the character as it is wherever it has text (RFC 3986, section 2.3).
  @inlinable package static func isUnreserved(_ byte: UInt8) -> Bool {
    // A bit for each byte of ASCII: on the way of every redirect.
    let unreserved: UInt64 =
      byte < 0x40 ? 0x03FF_6000_0000_0000 : byte < 0x80 ? 0x47FF_FFFE_87FF_FFFE : 0
    return unreserved >> UInt64(byte & 0x3F) & 1 == 1
  }
}
