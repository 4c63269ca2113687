internal import CRabbitMQ
internal import Glibc

/// The address of a broker, with user, password and virtual host.
package struct BrokerAddress: Equatable, Sendable {
  package let host: String
  package let port: Int
  package let user: String
  package let password: String
  package let virtualHost: String

  /// Reads `amqp://user:password@host:port/vhost`; nil for anything else, `amqps` included.
  ///
  /// The C function: `amqp_parse_url`, which splits its text in place.
  package init?(url: String) {
    guard let text = strdup(url) else { return nil }
    defer { free(text) }
    var parts = amqp_connection_info()
    guard amqp_parse_url(text, &parts) == AMQP_STATUS_OK.rawValue, parts.ssl == 0,
      let host = parts.host, let user = parts.user, let password = parts.password,
      let virtualHost = parts.vhost, (1...65_535).contains(parts.port)
    else { return nil }
    self.host = String(cString: host)
    guard !self.host.utf8.contains(UInt8(ascii: " ")) else { return nil }
    port = Int(parts.port)
    self.user = String(cString: user)
    self.password = String(cString: password)
    self.virtualHost = String(cString: virtualHost)
  }
}
