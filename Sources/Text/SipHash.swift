/// SipHash-2-4 with a result of 64 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF").
///
/// With the default key it is ClickHouse's `sipHash64` of a String.
package enum SipHash {
  /// A key of 128 bits; with a known key, an attacker can choose texts by their hash.
  package struct Key: Sendable {
    package let low: UInt64
    package let high: UInt64

    /// - Parameters:
    ///   - low: The first eight bytes, the least one first.
    ///   - high: The other eight.
    package init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// The key of ClickHouse's `sipHash64`; no secret.
    package static let zero = Key(low: 0, high: 0)
  }

  package static func hash(_ text: some Collection<UInt8>, key: Key = .zero) -> UInt64 {
    text.withBytes { hash($0, key: key) }
  }

  /// The hash of a text; it allocates nothing.
  package static func hash(_ text: UnsafeBufferPointer<UInt8>, key: Key = .zero) -> UInt64 {
    var state = State(key)
    var word: UInt64 = 0
    var count = 0
    for byte in text {
      word |= UInt64(byte) << UInt64(8 * (count & 7))
      count += 1
      guard count & 7 == 0 else { continue }
      state.take(word)
      word = 0
    }
    // The last word ends with the lowest byte of the length.
    state.take(word | UInt64(truncatingIfNeeded: count) << 56)
    return state.finish()
  }

  private struct State {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ key: Key) {
      v0 = key.low ^ 0x736F_6D65_7073_6575
      v1 = key.high ^ 0x646F_7261_6E64_6F6D
      v2 = key.low ^ 0x6C79_6765_6E65_7261
      v3 = key.high ^ 0x7465_6462_7974_6573
    }

    mutating func take(_ word: UInt64) {
      v3 ^= word
      for _ in 0..<2 { mix() }
      v0 ^= word
    }

    mutating func finish() -> UInt64 {
      v2 ^= 0xFF
      for _ in 0..<4 { mix() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func mix() {
      v0 &+= v1
      v1 = v1 << 13 | v1 >> 51
      v1 ^= v0
      v0 = v0 << 32 | v0 >> 32
      v2 &+= v3
      v3 = v3 << 16 | v3 >> 48
      v3 ^= v2
      v0 &+= v3
      v3 = v3 << 21 | v3 >> 43
      v3 ^= v0
      v2 &+= v1
      v1 = v1 << 17 | v1 >> 47
      v1 ^= v2
      v2 = v2 << 32 | v2 >> 32
    }
  }
}
