import Foundation
import TestSupport

/// A kept connection to one place, with one request under way at most.
final class PinnedConnection {
  let place: Place
  private let request: [UInt8]
  private var socket: Socket?
  private var received: [UInt8] = []
  /// When the request under way was sent; nil when there is none.
  private(set) var sentAt: Double?
  var nextAt = 0.0

  /// Connects while all siblings of the worker stand still, so that it is the one that accepts.
  init(to place: Place, asking code: String) throws {
    self.place = place
    request = place.request(for: code)
    let others = place.siblings.filter { $0 != place.pid }
    for pid in others { Glibc.kill(pid, SIGSTOP) }
    defer { for pid in others { Glibc.kill(pid, SIGCONT) } }
    let isStill = eventually(seconds: 10) {
      others.allSatisfy { ["T", nil].contains(ProcessTree.state(of: $0)) }
    }
    guard isStill else { throw DrillError("\(place.name): its siblings don't stand still") }
    send(at: Self.now)
    var reply: Reply?
    let isAnswered = eventually(seconds: 20) {
      reply = take()
      return reply != nil
    }
    guard isAnswered else { throw DrillError("\(place.name) does not answer") }
  }

  /// Seconds since 1970, as PostgreSQL tells them.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// What poll shall watch; nil while nothing is under way.
  var descriptor: Int32? { sentAt == nil ? nil : socket?.descriptor }

  /// Asks, on a new connection where there is none.
  func send(at now: Double) {
    do {
      let socket = try socket ?? place.connect()
      self.socket = socket
      try socket.send(request)
      sentAt = now
    } catch {
      hangUp()
      nextAt = now + 0.05
    }
  }

  /// The reply, once all of it is there.
  func take() -> Reply? {
    guard let socket, socket.isReadable else { return nil }
    guard let bytes = try? socket.receive(), !bytes.isEmpty else {
      hangUp()
      return nil
    }
    received += bytes
    guard isWhole else { return nil }
    defer {
      received.removeAll(keepingCapacity: true)
      sentAt = nil
    }
    return received.withUnsafeBufferPointer(Reply.init) ?? .nothing
  }

  /// Lets the request under way go; the next one is sent on another connection, to any sibling.
  func hangUp() {
    socket = nil
    sentAt = nil
    received.removeAll(keepingCapacity: true)
  }

  private var isWhole: Bool {
    guard case .pool = place.target else { return received.suffix(4) == Self.end }
    var next = 0
    while received.count >= next + 8 {
      let type = received[next + 1]
      next += 8 + Int(received[next + 4]) << 8 + Int(received[next + 5]) + Int(received[next + 6])
      // FCGI_END_REQUEST
      if type == 3 { return received.count >= next }
    }
    return false
  }

  private static let end: ArraySlice<UInt8> = [0x0D, 0x0A, 0x0D, 0x0A]
}
