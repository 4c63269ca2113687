import Foundation
import TestSupport

/// A second nginx in front of the same pools, with limits of a test's own.
final class LimitedSite {
  let http: HTTPClient
  private let nginx: OwnNginx

  /// - Parameters:
  ///   - limits: The variables of the site file.
  ///   - believesForwarded: Whether a request may say in X-Forwarded-For where it comes from.
  ///   - edit: What an operator changes in the site file.
  /// - Throws: When nginx can't be started.
  init(
    _ limits: [String: String], believesForwarded: Bool = false,
    edit: (String) -> String = { $0 }
  ) throws {
    let port = try Socket.freePort()
    nginx = try OwnNginx(
      at: "127.0.0.1:\(port)",
      [
        "SWIFTLET_RUN": try TestStack.value("SWIFTLET_RUN"),
        "CORS_ORIGINS": "https://app.example",
        "REAL_IP_FROM": believesForwarded ? "127.0.0.1" : "",
      ].merging(limits) { _, limit in limit }, edit: edit)
    http = HTTPClient(port: port)
  }

  /// A log of its nginx: `access.log`, `error.log` or `nginx.log`.
  func log(_ name: String) throws -> String { try nginx.log(name) }

  /// The line of the request log that has a request's id.
  func logLine(of id: String) throws -> String {
    var line = ""
    _ = try eventually(seconds: 10) {
      let log = try String(contentsOfFile: nginx.directory("access.log"), encoding: .utf8)
      line = log.split(separator: "\n").first { $0.contains(id) }.map(String.init) ?? ""
      return !line.isEmpty
    }
    return line
  }
}
