import Glibc

/// A host as a browser opens it; two spellings of the same host are equal.
package enum WebHost: Hashable, Sendable {
  /// Lower case ASCII without a dot at its end.
  case name([UInt8])
  case ipv4(UInt32)
  /// The address's upper and lower half.
  case ipv6(UInt64, UInt64)

  /// The limit of a name in bytes (RFC 1035, section 2.3.4).
  private static let longestName = 253

  /// Reads the host of a URL.
  ///
  /// A number is accepted only if every reader takes it for the same address. It may be four
  /// decimal parts without a final dot, or an IPv6 address in brackets without an IPv4 address
  /// inside.
  ///
  /// - Parameter written: UTF-8, not empty.
  /// - Throws: `malformed`, `internationalHost` or `numericHost`.
  package init(_ written: ArraySlice<UInt8>) throws(DestinationURLError) {
    if written.first == UInt8(ascii: "[") {
      self = try Self.ipv6(written)
      return
    }
    let name = try Self.name(written)
    guard Self.endsInNumber(name) else {
      self = .name(name)
      return
    }
    guard !Self.endsInDot(written), let address = Self.ipv4(name) else {
      throw .numericHost
    }
    self = .ipv4(address)
  }

  /// The IPv4 address, also inside an address of a NAT64 gateway (RFC 6052).
  var ipv4: UInt32? {
    switch self {
    case .name: nil
    case .ipv4(let address): address
    case .ipv6(let high, let low):
      high == 0x0064_FF9B_0000_0000 && low >> 32 == 0 ? UInt32(truncatingIfNeeded: low) : nil
    }
  }

  /// Whether a written name ends in a dot, which is no part of the value.
  static func endsInDot(_ written: ArraySlice<UInt8>) -> Bool {
    withASCIIDots(written.suffix(3)).last == UInt8(ascii: ".")
  }

  /// The ASCII form, in lower case.
  private static func name(_ written: ArraySlice<UInt8>) throws(DestinationURLError) -> [UInt8] {
    var rest = Self.withASCIIDots(written)
    if rest.last == UInt8(ascii: ".") { rest.removeLast() }
    var name: [UInt8] = []
    name.reserveCapacity(rest.count)
    for label in rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      if !name.isEmpty { name.append(UInt8(ascii: ".")) }
      name += try HostLabel(label).ascii
    }
    guard name.count <= longestName else { throw .malformed }
    return name
  }

  /// The three other dots that end a label (UTS 46, section 4) become ASCII ones.
  private static func withASCIIDots(_ written: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard written.contains(where: { $0 >= 0x80 }) else { return written }
    var bytes: [UInt8] = []
    for scalar in String(decoding: written, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\u{3002}", "\u{FF0E}", "\u{FF61}": bytes.append(UInt8(ascii: "."))
      default: bytes += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return bytes[...]
  }

  /// Whether a browser takes the name for an IPv4 address (WHATWG URL, "ends in a number").
  private static func endsInNumber(_ name: [UInt8]) -> Bool {
    let last = name[((name.lastIndex(of: UInt8(ascii: ".")) ?? -1) + 1)...]
    if last.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
    return last.starts(with: "0x".utf8)
      && last.dropFirst(2).allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
      }
  }

  /// Four decimal numbers of a byte, without leading zeros.
  private static func ipv4(_ name: [UInt8]) -> UInt32? {
    let parts = name.split(separator: UInt8(ascii: "."))
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard part.count <= 3, part.count == 1 || part.first != UInt8(ascii: "0"),
        part.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      let number = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
      guard number <= 255 else { return nil }
      address = address << 8 | number
    }
    return address
  }

  /// The C function: `inet_pton`.
  private static func ipv6(_ written: ArraySlice<UInt8>) throws(DestinationURLError) -> WebHost {
    let inside = written.dropFirst().dropLast()
    guard written.last == UInt8(ascii: "]"), !inside.contains(0) else { throw .malformed }
    var bytes: (UInt64, UInt64) = (0, 0)
    let text = inside.map { CChar(truncatingIfNeeded: $0) } + [0]
    guard inet_pton(AF_INET6, text, &bytes) == 1 else { throw .malformed }
    let (high, low) = (UInt64(bigEndian: bytes.0), UInt64(bigEndian: bytes.1))
    // IPv4-mapped (::ffff:0:0/96) and IPv4-compatible (::/96, RFC 4291), but for :: and ::1.
    guard high != 0 || !(low >> 32 == 0xFFFF || (low >> 32 == 0 && low > 1)) else {
      throw .numericHost
    }
    return .ipv6(high, low)
  }
}
