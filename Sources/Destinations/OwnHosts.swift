/// The hosts whose URLs would lead back to this shortener.
///
/// This machine's loopback names and addresses are always among them.
package struct OwnHosts: Sendable {
  private var hosts: Set<WebHost>

  /// The loopback hosts only.
  package init() { hosts = [] }

  /// - Parameters:
  ///   - names: Names, IPv4 addresses, IPv6 addresses with or without brackets; no ports.
  ///   - addresses: Addresses of this machine; those that no URL may have are skipped.
  /// - Throws: The first name that is no host.
  package init(_ names: [String], addresses: [String] = []) throws(NotAHost) {
    hosts = Set(addresses.compactMap { Self.host($0) })
    for name in names {
      guard let host = Self.host(name) else { throw NotAHost(name: name) }
      hosts.insert(host)
    }
  }

  /// A text that is no host.
  package struct NotAHost: Error, Equatable {
    package let name: String
  }

  package func contains(_ host: WebHost) -> Bool {
    if hosts.contains(host) { return true }
    if let address = host.ipv4 {
      // 0.0.0.0/8 reaches this machine as 127.0.0.0/8 does.
      return hosts.contains(.ipv4(address)) || [0, 127].contains(address >> 24)
    }
    switch host {
    case .name(let name): return Self.isLocalhost(name)
    case .ipv4: return false
    case .ipv6(let high, let low): return high == 0 && low <= 1
    }
  }

  private static func host(_ text: String) -> WebHost? {
    let isBare = text.utf8.first != UInt8(ascii: "[") && text.utf8.contains(UInt8(ascii: ":"))
    let written = Array((isBare ? "[\(text)]" : text).utf8)
    return written.isEmpty ? nil : try? WebHost(written[...])
  }

  /// Names of this machine for every resolver (RFC 6761, section 6.3).
  private static func isLocalhost(_ name: [UInt8]) -> Bool {
    let last = name[((name.lastIndex(of: UInt8(ascii: ".")) ?? -1) + 1)...]
    return last.elementsEqual("localhost".utf8)
  }
}
