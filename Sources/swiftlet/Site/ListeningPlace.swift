import Glibc

/// A `listen` line of nginx.
struct ListeningPlace {
  private let words: [String]

  /// The place of a setting, or for an empty one the port of every address, with the words that follow.
  static func all(_ place: String, port: Int, words: [String] = []) -> [ListeningPlace] {
    let everywhere = ["\(port)"] + (hasIPv6 ? ["[::]:\(port)"] : [])
    return (place.isEmpty ? everywhere : [place]).map { ListeningPlace(words: [$0] + words) }
  }

  /// The line; with `proxy` clients begin with the PROXY protocol.
  func line(proxy: Bool) -> String {
    "    listen \((words + (proxy ? ["proxy_protocol"] : [])).joined(separator: " "));"
  }

  /// Whether the kernel has IPv6; where it hasn't, nginx doesn't start with such an address.
  private static let hasIPv6: Bool = {
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }()
}
