import Links
package import Web

/// A client as limits count it: an IPv4 address, also an IPv4-mapped one, or an IPv6 network of 64 bits.
///
/// nginx counts the same (`$swiftlet_client`).
package struct ClientAddress: Hashable, Sendable {
  private let network: UInt64
  private let isIPv4: Bool

  /// Those that can't be told apart.
  package static let others = ClientAddress(network: 0, isIPv4: true)

  /// Reads an address as nginx prints it; any other text is one of `others`.
  package init(_ text: Request.Bytes) {
    guard let address = IPAddress(text) else {
      self = .others
      return
    }
    self.init(network: address.isIPv4 ? address.low : address.high, isIPv4: address.isIPv4)
  }

  private init(network: UInt64, isIPv4: Bool) {
    self.network = network
    self.isIPv4 = isIPv4
  }
}
