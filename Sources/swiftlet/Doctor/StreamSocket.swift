import Glibc

/// A connection with a time-out for each step, for a short look at who listens.
final class StreamSocket {
  private let descriptor: Int32

  private static let timeout = timeval(tv_sec: 2, tv_usec: 0)

  /// What went wrong, in the system's words.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Connects to a Unix socket (`connect`).
  init(path: String) throws(Failure) {
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { throw Failure(description: "its path is too long") }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Self.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else {
      let failure = Failure(description: String(cString: strerror(errno)))
      close(descriptor)
      throw failure
    }
  }

  /// Connects to a port of a host (`getaddrinfo`, `connect`).
  init(host: String, port: String) throws(Failure) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, port, &hints, &list)
    guard status == 0 else { throw Failure(description: String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    var failure = Failure(description: "no address")
    var next = list
    while let candidate = next?.pointee {
      let descriptor = socket(
        candidate.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      if Self.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 {
        self.descriptor = descriptor
        return
      }
      failure = Failure(description: String(cString: strerror(errno)))
      close(descriptor)
      next = candidate.ai_next
    }
    throw failure
  }

  deinit {
    close(descriptor)
  }

  /// Sends a text and reads until the other side closes, says nothing for two seconds, or has said
  /// more than anybody needs (`send`, `recv`).
  func exchange(_ text: String) -> [UInt8] {
    let request = Array(text.utf8)
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    else { return [] }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while answer.count < 256 << 10 {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      answer += chunk[..<count]
    }
    return answer
  }

  private static func connect(
    _ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
  ) -> Int32 {
    guard let address else { return -1 }
    var timeout = timeout
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
    return Glibc.connect(descriptor, address, length)
  }
}
