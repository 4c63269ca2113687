import CSodium

/// A SHA-256 (FIPS 180-4).
package struct SHA256: Hashable, Sendable {
  package static let length = Int(crypto_hash_sha256_BYTES)

  /// Its 32 bytes.
  package let bytes: [UInt8]

  /// The hash of some bytes.
  ///
  /// The C function: `crypto_hash_sha256`, which needs no `sodium_init`.
  package init(of message: [UInt8]) {
    var hash = [UInt8](repeating: 0, count: Self.length)
    crypto_hash_sha256(&hash, message, UInt64(message.count))
    bytes = hash
  }

  /// A hash that was stored; nil when these aren't 32 bytes.
  package init?(stored bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }

  /// Takes the same time wherever two differ.
  ///
  /// The C function: `sodium_memcmp`.
  package static func == (one: Self, other: Self) -> Bool {
    sodium_memcmp(one.bytes, other.bytes, length) == 0
  }
}
