import Foundation
import Synchronization

/// A server that says what a test tells it to, byte for byte, and remembers what it was asked.
package final class LocalServer: Sendable {
  private let socket: Socket
  private let heard = Mutex<[String]>([])

  /// - Parameters:
  ///   - socket: One that listens.
  ///   - answers: For each connection what it answers, request after request; then it hangs up. What
  ///     comes on a connection that has none here is heard, and not answered.
  package init(_ socket: Socket, answers: [[String]]) {
    self.socket = socket
    Thread.detachNewThread { [self] in
      var rest = answers[...]
      while let client = socket.accept() {
        client.setTimeout(seconds: 30)
        for answer in rest.popFirst() ?? [] {
          guard hear(client) else { break }
          try? client.send(Array(answer.utf8))
        }
        _ = hear(client)
      }
    }
  }

  package func stop() { shutdown(socket.descriptor, Int32(SHUT_RDWR)) }

  /// The requests that came, in order.
  package var requests: [String] { heard.withLock { $0 } }

  private func hear(_ client: Socket) -> Bool {
    guard let bytes = try? client.receive(), !bytes.isEmpty else { return false }
    heard.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    return true
  }
}
