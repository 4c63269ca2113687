import Glibc

/// A stream socket in a test's hand: connect, send, read until the peer is done.
package final class Socket: Sendable {
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
    descriptor = socket(AF_INET, Self.stream, 0)
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
    descriptor = socket(AF_UNIX, Self.stream, 0)
    let status = Self.withAddress(of: path) { connect(descriptor, $0, $1) }
    guard status == 0 else { throw Failure("connect to \(path)") }
  }

  /// Opens a Unix socket that listens, as a FastCGI pool's is.
  package init(listeningAt path: String, backlog: Int32 = 1024) throws {
    descriptor = socket(AF_UNIX, Self.stream, 0)
    unlink(path)
    let status = Self.withAddress(of: path) { bind(descriptor, $0, $1) }
    guard status == 0, listen(descriptor, backlog) == 0 else { throw Failure("listen at \(path)") }
  }

  /// Opens a TCP port of the loopback address; 0 for any free one.
  package init(listeningOn port: UInt16) throws {
    descriptor = socket(AF_INET, Self.stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0, listen(descriptor, 100) == 0 else { throw Failure("listen on \(port)") }
  }

  /// A program that a test starts has none of them, but what it is given as its input.
  private static let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

  private init(adopting descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The TCP port of its own end.
  package func port() throws -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    guard status == 0 else { throw Failure("getsockname") }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Waits for the next connection; nil once it is shut down.
  package func accept() -> Socket? {
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { return nil }
    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
    return Socket(adopting: accepted)
  }

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

  /// Sends as long as a condition holds, however long the peer takes nothing.
  ///
  /// - Returns: Whether all of it was sent.
  package func send(_ bytes: [UInt8], while condition: () -> Bool) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        sent += count
        continue
      }
      guard errno == EAGAIN, condition() else { return false }
      var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&end, 1, 20)
    }
    return true
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

  /// Whether `receive` would return at once: with bytes, or at the peer's end.
  package var isReadable: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 1
  }

  /// A TCP port of the loopback address that nobody listens on.
  package static func freePort() throws -> UInt16 {
    for _ in 0..<100 {
      let port = UInt16.random(in: 20_000...31_000)
      if (try? Socket(port: port)) == nil { return port }
    }
    throw Failure("find a free port")
  }

  /// Bounds how long a `receive` may wait.
  package func setTimeout(seconds: Int) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Lets its end be a reset (RST) and no goodbye.
  package func resetsWhenClosed() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  /// Lets the kernel throw away all packets that come for it, unacknowledged, or take them again.
  ///
  /// The socket's option: `SO_ATTACH_FILTER` with a program that says of each packet: none of it.
  package func setsPacketsAside(_ isOn: Bool) {
    guard isOn else {
      // Refused where there is none.
      var none: Int32 = 0
      setsockopt(
        descriptor, SOL_SOCKET, SO_DETACH_FILTER, &none, socklen_t(MemoryLayout<Int32>.size))
      return
    }
    // BPF_RET | BPF_K, 0 bytes.
    var instruction = (code: UInt16(0x06), jumps: UInt16(0), value: UInt32(0))
    withUnsafeMutablePointer(to: &instruction) { instruction in
      var program = (length: UInt16(1), instructions: UnsafeMutableRawPointer(instruction))
      let status = setsockopt(
        descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program,
        socklen_t(MemoryLayout.size(ofValue: program)))
      precondition(status == 0, "the kernel takes a filter of one instruction")
    }
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
