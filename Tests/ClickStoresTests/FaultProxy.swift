import Foundation
import Glibc
import Synchronization
import TestSupport

/// A TCP proxy on a free port that does to the connections what a network does on a bad day.
final class FaultProxy: Sendable {
  enum Mode: Int {
    case pass
    /// New connections end at once.
    case refuse
    /// What is sent arrives nowhere; nobody says so.
    case swallow
    /// Requests that begin with one of INSERT's URLs reach the server, its answers nobody.
    case loseInsertAnswers
  }

  let port: UInt16
  private let target: UInt16
  private let listener: Int32
  private let modeValue = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let lostAnswers = Atomic<Int>(0)

  var mode: Mode {
    get { Mode(rawValue: modeValue.load(ordering: .relaxed)) ?? .pass }
    set { modeValue.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// How many answers have been lost so far.
  var lost: Int { lostAnswers.load(ordering: .relaxed) }

  init(to target: UInt16) throws {
    self.target = target
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 100) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw Socket.Failure("listen") }
    port = UInt16(bigEndian: address.sin_port)
    start()
  }

  private func start() {
    Thread.detachNewThread { [self] in acceptAll() }
  }

  /// Ends all connections there are, from both sides.
  func cut() { generation.add(1, ordering: .relaxed) }

  private func acceptAll() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { return }
      Thread.detachNewThread { [self] in carry(client) }
    }
  }

  private func carry(_ client: Int32) {
    defer { close(client) }
    guard mode != .refuse, let server = try? Socket(port: target) else { return }
    let born = generation.load(ordering: .relaxed)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var isInsert = false
    var ends = [
      pollfd(fd: client, events: Int16(POLLIN), revents: 0),
      pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while generation.load(ordering: .relaxed) == born {
      guard poll(&ends, 2, 20) >= 0 else { return }
      for index in 0..<2 where ends[index].revents != 0 {
        let count = read(ends[index].fd, &buffer, buffer.count)
        guard count > 0 else { return }
        if index == 0 {
          let head = String(decoding: buffer.prefix(min(count, 2000)), as: UTF8.self)
          if head.hasPrefix("POST "), head.contains("query=INSERT") { isInsert = true }
        }
        switch mode {
        case .swallow: continue
        case .loseInsertAnswers where index == 1 && isInsert:
          lostAnswers.add(1, ordering: .relaxed)
          return
        default: break
        }
        var sent = 0
        while sent < count {
          let more = send(
            ends[1 - index].fd, Array(buffer[sent..<count]), count - sent, Int32(MSG_NOSIGNAL))
          guard more > 0 else { return }
          sent += more
        }
      }
    }
  }
}
