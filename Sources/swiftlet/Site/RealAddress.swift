import Service

/// Whom nginx believes where a request comes from.
struct RealAddress {
  private static let proxyProtocol = "proxy_protocol"

  private let balancers: [String]
  private let header: String

  /// - Throws: `SettingError` for a protocol of load balancers without one.
  init(_ read: Variables) throws(SettingError) {
    balancers = try read.list(.balancers)
    header = try read.text(.addressHeader)
    guard header != Self.proxyProtocol || !balancers.isEmpty else {
      throw SettingError(
        name: Setting.balancers.name, value: "",
        expected: "the load balancers' addresses, since REAL_IP_HEADER is \(header)")
    }
  }

  /// Whether each connection begins with the line of the PROXY protocol.
  var isInProtocol: Bool { header == Self.proxyProtocol }

  /// The lines of a server, or none.
  ///
  /// In a header each balancer names whom it was asked by, behind what that one said. So the last
  /// address that is no balancer's counts.
  var serverLines: String {
    guard !balancers.isEmpty else { return "" }
    let lines =
      balancers.map { "set_real_ip_from \($0);" }
      + ["real_ip_header \(header);", "real_ip_recursive on;"]
    return "\n" + lines.map { "\n    " + $0 }.joined()
  }
}
