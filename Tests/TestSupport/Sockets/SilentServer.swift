import Foundation
import Glibc

/// A socket on which connections are made and nothing is ever said: what a frozen server of any kind
/// looks like.
///
/// It hangs up after half a minute. So a client that ignores its time-out gets another error, and
/// doesn't block the tests.
package final class SilentServer {
  private let scratch: ScratchDirectory?
  /// Its TCP port on 127.0.0.1; 0 at a Unix socket.
  package let port: UInt16
  private let socket: Socket

  /// Listens at a Unix socket of this name in a directory of its own.
  package init(name: String) throws {
    let scratch = try ScratchDirectory("silent")
    self.scratch = scratch
    port = 0
    socket = try Socket(listeningAt: scratch(name))
    hangUpInTheEnd()
  }

  /// Listens on a free TCP port.
  package init() throws {
    scratch = nil
    socket = try Socket(listeningOn: 0)
    port = try socket.port()
    hangUpInTheEnd()
  }

  private func hangUpInTheEnd() {
    let socket = socket
    Thread.detachNewThread {
      usleep(30_000_000)
      shutdown(socket.descriptor, Int32(SHUT_RDWR))
      while let client = socket.accept() { shutdown(client.descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Where its Unix socket is.
  package var directory: String { scratch?.path ?? "" }
}
