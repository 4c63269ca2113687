import Glibc

/// The addresses of this machine's network interfaces.
package enum InterfaceAddresses {
  /// IPv4 addresses, and IPv6 addresses without a zone; as they are now, empty when they can't be
  /// read.
  ///
  /// The C functions: `getifaddrs`, `inet_ntop`.
  package static func current() -> [String] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    return sequence(first: first, next: { $0?.pointee.ifa_next })
      .compactMap { $0?.pointee.ifa_addr.flatMap(text) }
  }

  private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let family = Int32(address.pointee.sa_family)
    let offset: Int
    switch family {
    case AF_INET: offset = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 0
    case AF_INET6: offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 0
    default: return nil
    }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let size = socklen_t(buffer.count)
    guard inet_ntop(family, UnsafeRawPointer(address) + offset, &buffer, size) != nil else {
      return nil
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
