import CSodium

/// A SHA-256 of bytes that come in pieces.
package struct SHA256Stream {
  private var state = crypto_hash_sha256_state()

  /// The C function: `crypto_hash_sha256_init`.
  package init() { crypto_hash_sha256_init(&state) }

  /// Adds a piece (`crypto_hash_sha256_update`).
  package mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    crypto_hash_sha256_update(&state, bytes.baseAddress, UInt64(bytes.count))
  }

  /// The hash of all pieces (`crypto_hash_sha256_final`); nothing may be added after it.
  package mutating func finish() -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: SHA256.length)
    crypto_hash_sha256_final(&state, &hash)
    return hash
  }
}
