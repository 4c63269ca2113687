import Links

/// The addresses that may be connected to where a user has chosen the host.
///
/// Those of the public internet, and those of `ALLOWED_INNER_NETWORKS`, also where these are this machine's
/// own. Others may be of this machine, or of a network that trusts it.
package struct OutgoingAddresses: Sendable {
  private let allowed: [AddressPattern]
  private let own: [IPAddress]

  /// A text that is no address and no network.
  package struct NotANetwork: Error, Equatable {
    package let text: String
  }

  /// - Parameters:
  ///   - allowed: Inner addresses and networks that may be connected to.
  ///   - own: The addresses of this machine, which may not, unless they are among the allowed ones.
  /// - Throws: The first text that is no network.
  package init(allowing allowed: [String], own: [String] = []) throws(NotANetwork) {
    var patterns: [AddressPattern] = []
    for text in allowed {
      guard let pattern = AddressPattern(text) else { throw NotANetwork(text: text) }
      patterns.append(pattern)
    }
    self.allowed = patterns
    self.own = own.compactMap { IPAddress($0) }
  }

  /// Whether an address may be connected to.
  ///
  /// - Parameter bytes: 4 bytes of IPv4, or 16 of IPv6.
  /// - Returns: False for any other number of bytes.
  package func admit(_ bytes: [UInt8]) -> Bool {
    let number = { (bytes: ArraySlice<UInt8>) in bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: return admit(IPAddress(high: 0, low: 0xFFFF_0000_0000 | number(bytes[...])))
    case 16: return admit(IPAddress(high: number(bytes[..<8]), low: number(bytes[8...])))
    default: return false
    }
  }

  private func admit(_ address: IPAddress) -> Bool {
    if allowed.contains(where: { $0.contains(address) }) { return true }
    guard !own.contains(address) else { return false }
    if address.isIPv4 { return !Self.innerIPv4.contains { $0.contains(address) } }
    // A gateway to IPv4 (NAT64, RFC 6052).
    if address.high == 0x0064_FF9B_0000_0000, address.low >> 32 == 0 {
      return admit(IPAddress(high: 0, low: 0xFFFF_0000_0000 | address.low))
    }
    return Self.publicIPv6.contains { $0.contains(address) }
      && !Self.innerIPv6.contains { $0.contains(address) }
  }

  /// What IANA's registry of special addresses says is not of the public internet; and multicast.
  private static let innerIPv4 = patterns([
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
  ])
  private static let publicIPv6 = patterns(["2000::/3"])
  /// Protocols, among them Teredo; documentation; 6to4, which leads to IPv4.
  private static let innerIPv6 = patterns([
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
  ])

  private static func patterns(_ texts: [String]) -> [AddressPattern] {
    texts.map { text in
      guard let pattern = AddressPattern(text) else { preconditionFailure("\(text) is no network") }
      return pattern
    }
  }
}
