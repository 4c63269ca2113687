import Foundation
import TestSupport

/// An nginx that ends TLS in front of a site, with a certificate of its own making for `localhost`.
final class TLSFront {
  let directory: ScratchDirectory
  /// Where it speaks TLS.
  let port: UInt16
  /// Where it sends clients on to TLS.
  let plainPort: UInt16
  private let process: ChildProcess

  struct NotServing: Error {
    let log: String
  }

  /// The certificate, which vouches for itself.
  var certificate: String { directory("certificate.pem") }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - site: The site that it passes requests on to.
  ///   - days: How long the certificate lasts; below zero for one that has ended.
  /// - Throws: When it doesn't start.
  init(before site: Site, days: Int) throws {
    directory = try ScratchDirectory("tls")
    (port, plainPort) = (try Socket.freePort(), try Socket.freePort())
    try Self.makeCertificate(in: directory, days: days)
    let configuration = """
      daemon off;
      pid \(directory.path)/pid;
      events {}
      http {
        access_log off;
        client_body_temp_path \(directory.path)/body;
        proxy_temp_path \(directory.path)/proxy;
        fastcgi_temp_path \(directory.path)/fastcgi;
        uwsgi_temp_path \(directory.path)/uwsgi;
        scgi_temp_path \(directory.path)/scgi;
        server {
          listen 127.0.0.1:\(port) ssl;
          ssl_certificate \(directory.path)/certificate.pem;
          ssl_certificate_key \(directory.path)/key.pem;
          location / {
            proxy_pass http://127.0.0.1:\(site.http.port);
            proxy_set_header Host $host;
          }
        }
        server {
          listen 127.0.0.1:\(plainPort);
          return 308 https://localhost:\(port)$request_uri;
        }
      }
      """
    try configuration.write(toFile: directory("nginx.conf"), atomically: true, encoding: .utf8)
    process = try ChildProcess(
      "/usr/sbin/nginx",
      ["-e", directory("error.log"), "-p", directory.path, "-c", directory("nginx.conf")],
      output: directory("start.log"))
    let port = port
    guard eventually(seconds: 20, { (try? Socket(port: port)) != nil }) else {
      throw NotServing(log: try String(contentsOfFile: directory("error.log"), encoding: .utf8))
    }
  }

  deinit {
    process.signal(SIGTERM)
    _ = process.wait(seconds: 10)
  }

  private static func makeCertificate(in directory: ScratchDirectory, days: Int) throws {
    try "subjectAltName=DNS:localhost".write(
      toFile: directory("names"), atomically: true, encoding: .utf8)
    try Command.check(
      "/usr/bin/openssl",
      [
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", directory("key.pem"), "-out", directory("request.pem"), "-subj",
        "/CN=localhost",
      ])
    try Command.check(
      "/usr/bin/openssl",
      [
        "x509", "-req", "-in", directory("request.pem"), "-signkey", directory("key.pem"), "-days",
        "\(days)", "-extfile", directory("names"), "-out", directory("certificate.pem"),
      ])
  }
}
