/// One address, a CIDR block (`2001:db8::/32`), or an address with `*` for some of its parts.
///
/// `192.0.*.7` is of IPv4, `2001:db8:*::1` of IPv6. A pattern of IPv6 includes no address of IPv4.
package struct AddressPattern: Equatable, Sendable {
  /// As it was written.
  package let description: String
  package let address: IPAddress
  /// The bits that count.
  package let mask: IPAddress
  package let isIPv4: Bool

  /// The most of them that a setting may have: each request is compared with all.
  package static let maximumCount = 100

  /// - Returns: Nil for what is no such pattern.
  package init?(_ text: String) {
    let parsed =
      if text.contains("*") {
        Self.wildcard(text)
      } else if let slash = text.firstIndex(of: "/") {
        Self.block(text[..<slash], text[text.index(after: slash)...])
      } else {
        IPAddress(text).map { ($0, Self.mask(ofBits: 128)) }
      }
    guard let parsed else { return nil }
    description = text
    (address, mask) = parsed
    isIPv4 = address.isIPv4
  }

  package func contains(_ other: IPAddress) -> Bool {
    (other.high ^ address.high) & mask.high == 0 && (other.low ^ address.low) & mask.low == 0
      && other.isIPv4 == isIPv4
  }

  private static func mask(ofBits count: Int) -> IPAddress {
    let high = count >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(count))
    let low = count <= 64 ? 0 : count == 128 ? UInt64.max : ~(UInt64.max >> UInt64(count - 64))
    return IPAddress(high: high, low: low)
  }

  private static func block(
    _ network: Substring, _ length: Substring
  ) -> (IPAddress, IPAddress)? {
    guard let address = IPAddress(String(network)), (1...3).contains(length.utf8.count),
      length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(length)
    else { return nil }
    let first = network.contains(":") ? 0 : 96
    guard first + bits <= 128 else { return nil }
    return (address, mask(ofBits: first + bits))
  }

  private static func wildcard(_ text: String) -> (IPAddress, IPAddress)? {
    guard let address = IPAddress(text.replacing("*", with: "0")) else { return nil }
    return text.contains(":") ? groups(text, address) : octets(text, address)
  }

  private static func octets(_ text: String, _ address: IPAddress) -> (IPAddress, IPAddress)? {
    var low = UInt64.max
    for (index, part) in text.split(separator: ".").enumerated() where part.contains("*") {
      guard part == "*" else { return nil }
      low &= ~(0xFF << UInt64(24 - 8 * index))
    }
    return (address, IPAddress(high: .max, low: low))
  }

  /// The groups before `::` are counted from the start, those behind it from the end.
  private static func groups(_ text: String, _ address: IPAddress) -> (IPAddress, IPAddress)? {
    guard !text.contains(".") else { return nil }
    let sides = text.split(separator: "::", omittingEmptySubsequences: false)
      .map { $0.split(separator: ":") }
    var (high, low) = (UInt64.max, UInt64.max)
    for (side, parts) in sides.enumerated() {
      let first = side == 0 ? 0 : 8 - parts.count
      for (offset, part) in parts.enumerated() where part.contains("*") {
        guard part == "*" else { return nil }
        let index = first + offset
        let bits = ~(UInt64(0xFFFF) << UInt64(48 - 16 * (index % 4)))
        if index < 4 { high &= bits } else { low &= bits }
      }
    }
    return (address, IPAddress(high: high, low: low))
  }
}
