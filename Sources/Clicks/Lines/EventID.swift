import Text

/// The identity of one request, and so of its click: nginx's `$request_id`, 128 random bits.
///
/// It stays the same when a request is retried, and the client sees it as `X-Request-Id`.
package struct EventID: Hashable, Sendable, CustomStringConvertible {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads 32 hexadecimal digits of either case; nil for anything else.
  package init?(hex digits: some Collection<UInt8>) {
    guard digits.count == 32, let high = UInt64(hexDigits: digits.prefix(16)),
      let low = UInt64(hexDigits: digits.dropFirst(16))
    else { return nil }
    self.init(high: high, low: low)
  }

  /// The same without generics, for a parameter of every redirect.
  package init?(hex digits: UnsafeBufferPointer<UInt8>) {
    guard digits.count == 32, let base = digits.baseAddress,
      let high = UInt64(hexDigitsAt: base), let low = UInt64(hexDigitsAt: base + 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// A random identity, for a click that came without one.
  package static func random() -> EventID {
    EventID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  }

  /// 32 lower-case hexadecimal digits.
  package var description: String {
    String(unsafeUninitializedCapacity: 32) { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      high.writeHexDigits(to: base)
      low.writeHexDigits(to: base + 16)
      return 32
    }
  }

  /// The 16 bytes in written order.
  package var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }
}
