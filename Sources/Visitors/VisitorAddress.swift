import Glibc

/// The stored form of a visitor's address: each IPv4 address has one spelling.
///
/// A client that reaches an IPv6 socket over IPv4 is `::ffff:203.0.113.7`, and `203.0.113.7` at an
/// IPv4 socket. nginx's limits count both as one client, and so must the count of visitors. Other
/// IPv6 addresses stay as they are: nginx prints each in one form only.
package enum VisitorAddress {
  /// Lends the address; an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) as plain IPv4.
  ///
  /// The C functions: `inet_pton`, `inet_ntop`, for a text that may be such an address.
  ///
  /// - Parameters:
  ///   - text: Any bytes; other texts are lent unchanged.
  ///   - body: Called once with the bytes; they are valid during the call.
  package static func withNormalForm(
    of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard mayBeMapped(text) else { return body(text) }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      guard let base = buffer.baseAddress else { return body(text) }
      for (index, byte) in text.enumerated() { base[index] = CChar(bitPattern: byte) }
      base[text.count] = 0
      var address = in6_addr()
      guard strlen(base) == text.count, inet_pton(AF_INET6, base, &address) == 1 else {
        return body(text)
      }
      let isWritten = withUnsafeBytes(of: address) { bytes in
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
          && inet_ntop(AF_INET, bytes.baseAddress.map { $0 + 12 }, base, socklen_t(capacity)) != nil
      }
      guard isWritten else { return body(text) }
      return base.withMemoryRebound(to: UInt8.self, capacity: capacity) {
        body(UnsafeBufferPointer(start: $0, count: strlen(base)))
      }
    }
  }

  /// Room for the longest IPv6 address and its NUL.
  private static let capacity = Int(INET6_ADDRSTRLEN)

  /// Whether the text has the beginning and length of a mapped address.
  ///
  /// This is false for nearly all others, without a call of a system library's parser.
  private static func mayBeMapped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 9, text.count < capacity else { return false }
    return text[0] == UInt8(ascii: ":")
      || text[0] == UInt8(ascii: "0") && text.contains(UInt8(ascii: ":"))
  }
}
