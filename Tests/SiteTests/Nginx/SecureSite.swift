import Foundation
import TestSupport

/// A second nginx in front of the same pools, with a certificate: it serves https, and http leads there.
final class SecureSite {
  /// By http.
  let http: HTTPClient
  let nginx: OwnNginx
  /// The port of https.
  let port: UInt16
  private let own: OwnCertificate
  private let directory: ScratchDirectory

  static let hosts = ["localhost", "brand.example"]

  /// - Parameter variables: Variables of the site file, laid over its own.
  /// - Throws: When nginx can't be started.
  init(_ variables: [String: String] = [:]) throws {
    directory = try ScratchDirectory("tls")
    own = try OwnCertificate("site", in: directory, hosts: Self.hosts)
    let plain = try Socket.freePort()
    port = try Socket.freePort()
    nginx = try OwnNginx(
      at: "127.0.0.1:\(plain)",
      [
        "SWIFTLET_RUN": try TestStack.value("SWIFTLET_RUN"), "LIMIT_CONNECTIONS": "0",
        "BASE_URL": "https://localhost:\(port)", "TLS_LISTEN": "127.0.0.1:\(port)",
        "TLS_CERTIFICATE": own.certificate, "TLS_KEY": own.key,
        "SITE_NAME": Self.hosts.joined(separator: " "),
      ].merging(variables) { _, own in own })
    http = HTTPClient(port: plain)
  }

  /// What is at a path by https, head and body, as curl has it: it follows nothing, and checks the certificate.
  func text(_ path: String, host: String = "localhost", _ options: [String] = []) throws -> String {
    try Command.check(
      "/usr/bin/curl",
      [
        "-sSi", "--http2", "--cacert", own.certificate, "--resolve", "\(host):\(port):127.0.0.1",
        "https://\(host):\(port)\(path)",
      ] + options)
  }

  func get(_ path: String, host: String = "localhost") throws -> HTTPClient.Answer {
    try HTTPClient.parse(Array(text(path, host: host).utf8))
  }

  /// Sends what a page of the site's own does.
  func send(
    _ method: String, _ path: String, _ fields: [String], body: String? = nil
  ) throws -> HTTPClient.Answer {
    let fields = (fields + ["X-Swiftlet-Page: 1"]).flatMap { ["-H", $0] }
    let body = body.map { ["-H", "Content-Type: application/json", "--data", $0] } ?? []
    return try HTTPClient.parse(Array(text(path, ["-X", method] + fields + body).utf8))
  }
}
