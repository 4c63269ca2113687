import Foundation
import TestSupport

/// Where the link is asked for: one worker, or a whole site.
struct Place: Sendable {
  enum Target: Sendable {
    /// A pool's socket.
    case pool(String)
    /// A site's Unix socket, or its port on 127.0.0.1.
    case site(String)
    case port(UInt16)
  }

  /// As a report names it: `host 2, look-up worker 1`.
  let name: String
  let target: Target
  /// The worker that shall answer, one of these; nil where any may.
  var pid: pid_t?
  var siblings: [pid_t] = []
  /// Whether the next request follows an answer at once.
  var isPressed = false

  /// One for each of some workers of a pool or an nginx.
  static func each(of pids: [pid_t], _ name: String, _ target: Target) -> [Place] {
    pids.sorted().enumerated().map { number, pid in
      Place(name: "\(name) \(number + 1)", target: target, pid: pid, siblings: pids)
    }
  }

  /// The request for a code, which is no visit: it reads what a visit reads, and writes no click.
  func request(for code: String) -> [UInt8] {
    switch target {
    case .pool:
      FastCGIClient.encoded([
        ("REQUEST_METHOD", "HEAD"), ("REQUEST_URI", "/\(code)"), ("REMOTE_ADDR", "127.0.0.1"),
        ("REQUEST_ID", String(repeating: "0", count: 32)),
      ])
    case .site, .port:
      Array(
        "HEAD /\(code) HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n".utf8)
    }
  }

  func connect() throws -> Socket {
    switch target {
    case .pool(let path), .site(let path): try Socket(path: path)
    case .port(let port): try Socket(port: port)
    }
  }
}
