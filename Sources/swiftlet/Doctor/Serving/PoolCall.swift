import Glibc
import Service

/// One request to a pool's own socket, as nginx would bring it.
///
/// The protocol is FastCGI 1.0, with one request on a connection of its own.
struct PoolCall {
  struct Answer {
    let status: Int
    let body: [UInt8]
  }

  enum Failure: Error, Equatable {
    /// No connection could be made, with the system's code.
    case unreachable(Int32)
    /// The socket's backlog stayed full, or no worker answered in time.
    case silent
    /// The connection ended before the answer did, or the answer can't be read.
    case broken
  }

  private static let answerLimit = 256 << 10
  let path: String
  let timeoutMilliseconds: Int

  /// Sends a request without a body, and waits for the answer.
  func ask(_ method: String, _ target: String) throws(Failure) -> Answer {
    let end = SystemClock.bootMilliseconds() + Int64(timeoutMilliseconds)
    let descriptor = try connect(until: end)
    defer { close(descriptor) }
    try send(Self.request(method, target), on: descriptor, until: end)
    return try answer(on: descriptor, until: end)
  }

  /// Connects; a busy pool gets time to accept waiting connections.
  private func connect(until end: Int64) throws(Failure) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw .unreachable(ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = socket(AF_UNIX, Int32(kind), 0)
    guard descriptor >= 0 else { throw .unreachable(errno) }
    while true {
      let status = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if status == 0 { return descriptor }
      let code = errno
      if code == EINTR { continue }
      guard code == EAGAIN else {
        close(descriptor)
        throw .unreachable(code)
      }
      guard SystemClock.bootMilliseconds() < end else {
        close(descriptor)
        throw .silent
      }
      Pause.milliseconds(20)
    }
  }

  private func send(_ bytes: [UInt8], on descriptor: Int32, until end: Int64) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else {
        guard errno == EAGAIN || errno == EINTR else { throw .broken }
        try wait(for: POLLOUT, on: descriptor, until: end)
      }
    }
  }

  private func answer(on descriptor: Int32, until end: Int64) throws(Failure) -> Answer {
    var reader = RecordReader()
    while true {
      try wait(for: POLLIN, on: descriptor, until: end)
      let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { room, count in
        count = max(0, recv(descriptor, room.baseAddress, room.count, 0))
      }
      guard !bytes.isEmpty, reader.output.count < Self.answerLimit else { throw .broken }
      guard reader.take(bytes) else { continue }
      guard let answer = reader.answer else { throw .broken }
      return answer
    }
  }

  private func wait(for event: Int32, on descriptor: Int32, until end: Int64) throws(Failure) {
    var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let left = end - SystemClock.bootMilliseconds()
      guard left > 0 else { throw .silent }
      if poll(&request, 1, Int32(clamping: left)) > 0 { return }
    }
  }

  private static func request(_ method: String, _ target: String) -> [UInt8] {
    let parameters = [
      ("REQUEST_METHOD", method), ("REQUEST_URI", target), ("REMOTE_ADDR", "127.0.0.1"),
    ]
    let encoded = parameters.flatMap { name, value in
      [UInt8(name.utf8.count), UInt8(truncatingIfNeeded: value.utf8.count)] + Array(name.utf8)
        + Array(value.utf8)
    }
    // BEGIN_REQUEST of a responder that closes its connection, then PARAMS and an empty STDIN.
    return record(1, [0, 1, 0, 0, 0, 0, 0, 0]) + record(4, encoded) + record(4, []) + record(5, [])
  }

  private static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
  }
}

/// Puts the records of a FastCGI answer together.
private struct RecordReader {
  private var received: [UInt8] = []
  private(set) var output: [UInt8] = []

  /// Takes bytes; true once the request has ended.
  mutating func take(_ bytes: [UInt8]) -> Bool {
    received += bytes
    while received.count >= 8 {
      let count = Int(received[4]) << 8 | Int(received[5])
      let total = 8 + count + Int(received[6])
      guard received.count >= total else { return false }
      if received[1] == 3 { return true }
      if received[1] == 6 { output += received[8..<8 + count] }
      received.removeFirst(total)
    }
    return false
  }

  /// The status of the first header line, and what follows the blank one.
  var answer: PoolCall.Answer? {
    let name = "Status: "
    guard output.starts(with: name.utf8) else { return nil }
    let digits = output.dropFirst(name.utf8.count).prefix(3)
    guard let status = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    let blank = output.indices.first { output[$0...].starts(with: "\r\n\r\n".utf8) }
    return PoolCall.Answer(status: status, body: blank.map { Array(output[($0 + 4)...]) } ?? [])
  }
}
