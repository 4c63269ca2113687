import Glibc

/// An address in 128 bits; one of IPv4 is its IPv4-mapped address of IPv6.
package struct IPAddress: Equatable, Sendable {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Reads an address of IPv4 or IPv6, without an interface's name.
  ///
  /// The C function is `inet_pton`.
  package init?(_ text: Bytes) {
    guard text.count < Self.capacity, !text.contains(0) else { return nil }
    let isIPv6 = text.contains(UInt8(ascii: ":"))
    let address = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.capacity) {
      buffer -> IPAddress? in
      guard let base = buffer.baseAddress else { return nil }
      for (index, byte) in text.enumerated() { base[index] = CChar(bitPattern: byte) }
      base[text.count] = 0
      if isIPv6 {
        var halves: (UInt64, UInt64) = (0, 0)
        guard inet_pton(AF_INET6, base, &halves) == 1 else { return nil }
        return IPAddress(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
      }
      var number: UInt32 = 0
      guard inet_pton(AF_INET, base, &number) == 1 else { return nil }
      return IPAddress(high: 0, low: 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: number)))
    }
    guard let address else { return nil }
    self = address
  }

  /// Reads the same of a string.
  package init?(_ text: String) {
    var text = text
    guard let address = text.withUTF8({ IPAddress($0) }) else { return nil }
    self = address
  }

  /// Room for the longest IPv6 address and its NUL.
  private static let capacity = Int(INET6_ADDRSTRLEN)
}

extension IPAddress: CustomStringConvertible {
  /// As `inet_ntop` writes it; an IPv4-mapped address as plain IPv4.
  package var description: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.capacity) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      var number = UInt32(truncatingIfNeeded: low).bigEndian
      var halves = (high.bigEndian, low.bigEndian)
      let text =
        isIPv4
        ? inet_ntop(AF_INET, &number, base, socklen_t(Self.capacity))
        : inet_ntop(AF_INET6, &halves, base, socklen_t(Self.capacity))
      return text.map { String(cString: $0) } ?? ""
    }
  }
}
