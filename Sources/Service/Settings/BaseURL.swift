import Glibc

/// The beginning of short URLs: `http(s)://host[:port]`.
///
/// It has no path, because nginx serves the routes at the root of a host.
package struct BaseURL: Equatable, Sendable, CustomStringConvertible {
  /// The valid form of a value.
  static let form = "http(s)://host[:port] without a path, the host in ASCII"

  package let isTLS: Bool
  /// Lower case; an IPv6 address is in brackets and in its shortest spelling.
  package let host: String
  /// Nil for the scheme's default port.
  package let port: UInt16?
  /// Other hosts that have the same links, in lower case (OWN_HOSTS).
  package var otherHosts: Set<String> = []

  /// Reads a value; one slash at its end is allowed.
  package init?(_ text: String) {
    let scheme = text.prefix { $0 != "/" }
    guard ["http:", "https:"].contains(scheme.lowercased()),
      text.dropFirst(scheme.count).hasPrefix("//")
    else { return nil }
    var authority = text.dropFirst(scheme.count + 2)
    if authority.last == "/" { authority.removeLast() }
    self.init(isTLS: scheme.lowercased() == "https:", authority: authority)
  }

  /// - Parameters:
  ///   - isTLS: Whether the scheme is `https`.
  ///   - authority: A host and maybe a port.
  package init?(isTLS: Bool, authority: Substring) {
    guard authority.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var name = authority.lowercased()[...]
    var port: UInt16?
    let afterAddress = name[(name.lastIndex(of: "]") ?? name.startIndex)...]
    if let colon = afterAddress.lastIndex(of: ":") {
      guard let number = Self.port(name[colon...].dropFirst()) else { return nil }
      port = number
      name = name[..<colon]
    }
    guard let host = Self.ipv6(name) ?? Self.name(name) else { return nil }
    self.isTLS = isTLS
    self.host = host
    self.port = port
  }

  /// Whether a host in lower case has the links of the default domain, whatever is stored of it.
  package func isOwn(_ host: String) -> Bool { host == self.host || otherHosts.contains(host) }

  package var description: String { scheme + authority }

  private var scheme: String { isTLS ? "https://" : "http://" }

  /// As browsers write it in the header `Origin`: without the scheme's own port.
  package var origin: String { port == (isTLS ? 443 : 80) ? scheme + host : description }

  /// Host and port, as in the header `Host`.
  package var authority: String { host + (port.map { ":\($0)" } ?? "") }

  /// The beginning of links in another domain, which the same servers answer at the same port.
  ///
  /// - Parameter domain: A host in lower case; empty for the default domain.
  /// - Returns: Scheme, host and perhaps a port.
  package func beginning(ofLinksIn domain: String) -> String {
    guard !domain.isEmpty else { return description }
    return scheme + domain + (port.map { ":\($0)" } ?? "")
  }

  private static func port(_ digits: Substring) -> UInt16? {
    guard (1...5).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt16(digits).flatMap { $0 > 0 ? $0 : nil }
  }

  /// An address in brackets, spelled as `inet_ntop` does.
  private static func ipv6(_ host: Substring) -> String? {
    guard host.first == "[", host.last == "]" else { return nil }
    var address = in6_addr()
    guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else {
      return nil
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { room in
      inet_ntop(AF_INET6, &address, room.baseAddress, socklen_t(INET6_ADDRSTRLEN))
        .map { "[\(String(cString: $0))]" }
    }
  }

  /// A name or an IPv4 address; a host whose last label is a number is always the latter (WHATWG
  /// URL).
  private static func name(_ host: Substring) -> String? {
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard host.utf8.count <= 253,
      labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isNameByte) }),
      let last = labels.last
    else { return nil }
    let isNumber =
      last.allSatisfy { (0x30...0x39).contains($0) }
      || last.starts(with: "0x".utf8) && last.dropFirst(2).allSatisfy(isHexDigit)
    var address = in_addr()
    guard !isNumber || inet_pton(AF_INET, String(host), &address) == 1 else { return nil }
    return String(host)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
