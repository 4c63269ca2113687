import Glibc

/// A stream socket in a test's hand: connect, send, read until the peer is done.
package final class Socket {
  package let descriptor: Int32

  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(_ operation: String) {
      description = "\(operation): \(String(cString: strerror(errno)))"
    }
  }

  /// Connects to a TCP port of the loopback address.
  ///
  /// - Parameters:
  ///   - port: On 127.0.0.1.
  ///   - host: The last number of the address it comes from, 127.0.0.`host`.
  /// - Throws: When nobody listens.
  package init(port: UInt16, from host: UInt8 = 1) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if host != 1 {
      var source = sockaddr_in()
      source.sin_family = sa_family_t(AF_INET)
      source.sin_addr.s_addr = in_addr_t(0x7F00_0000 + UInt32(host)).bigEndian
      let status = withUnsafePointer(to: &source) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard status == 0 else { throw Failure("bind to 127.0.0.\(host)") }
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure("connect to port \(port)") }
  }

  /// Connects to a Unix socket.
  package init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let status = Self.withAddress(of: path) { connect(descriptor, $0, $1) }
    guard status == 0 else { throw Failure("connect to \(path)") }
  }

  /// Opens a Unix socket that listens, as a FastCGI pool's is.
  package init(listeningAt path: String, backlog: Int32 = 1024) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    unlink(path)
    let status = Self.withAddress(of: path) { bind(descriptor, $0, $1) }
    guard status == 0, listen(descriptor, backlog) == 0 else { throw Failure("listen at \(path)") }
  }

  deinit { close(descriptor) }

  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure("send") }
      sent += count
    }
  }

  /// What comes next; nothing once the peer has ended.
  package func receive(upTo limit: Int = 65_536) throws -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let received = recv(descriptor, buffer.baseAddress, limit, 0)
      failed = received < 0
      count = max(received, 0)
    }
    guard !failed else { throw Failure("receive") }
    return bytes
  }

  /// Bounds how long a `receive` may wait.
  package func setTimeout(seconds: Int) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  private static func withAddress(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
