import Foundation
import TestSupport

/// Asks for one link at every place without pause, and notes each answer with its time.
///
/// Unchecked, because `lock` is held around every use of what changes, and one thread has the
/// connections.
final class Asker: @unchecked Sendable {
  /// Answers of one place, the oldest first.
  typealias Answers = [Answer]

  struct Answer {
    let sent: Double
    let received: Double
    let reply: Reply
  }

  let places: [Place]
  private let interval: Double
  private let lock = NSLock()
  private let group = DispatchGroup()
  private var isStopped = false
  private var answers: [Answers]
  private var resting: Set<Int> = []

  /// An answer may take so long; then the connection is given up.
  private static let patience = 10.0

  /// Begins.
  ///
  /// - Parameters:
  ///   - places: Each is asked.
  ///   - code: What for.
  ///   - interval: Seconds from one request to the next at a place, at the least.
  /// - Throws: When a place does not answer.
  init(_ places: [Place], code: String, every interval: Double) throws {
    self.places = places
    self.interval = interval
    answers = Array(repeating: [], count: places.count)
    let connections = try places.map { try PinnedConnection(to: $0, asking: code) }
    group.enter()
    // The thread alone has them from now on.
    nonisolated(unsafe) let own = connections
    let thread = Thread { [self] in
      run(own)
      group.leave()
    }
    thread.start()
  }

  func stop() {
    lock.withLock { isStopped = true }
    group.wait()
  }

  /// The answers of each place until now.
  var all: [Answers] { lock.withLock { answers } }

  /// The latest reply of each place.
  var latest: [Reply?] { lock.withLock { answers.map { $0.last?.reply } } }

  /// Lets a place alone, or asks it again.
  func rest(_ place: Int, _ isResting: Bool) {
    lock.withLock {
      if isResting { resting.insert(place) } else { resting.remove(place) }
    }
  }

  private func run(_ connections: [PinnedConnection]) {
    for (number, connection) in connections.enumerated() {
      connection.nextAt = PinnedConnection.now + interval * Double(number) / Double(places.count)
    }
    while true {
      let (isStopped, resting) = lock.withLock { (self.isStopped, self.resting) }
      guard !isStopped else { return }
      let now = PinnedConnection.now
      for (number, connection) in connections.enumerated() {
        if connection.sentAt == nil, connection.nextAt <= now, !resting.contains(number) {
          connection.nextAt = now + (connection.place.isPressed ? 0 : interval)
          connection.send(at: now)
        }
      }
      wait(connections)
      collect(connections)
    }
  }

  private func wait(_ connections: [PinnedConnection]) {
    var watched = connections.compactMap(\.descriptor)
      .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    poll(&watched, nfds_t(watched.count), 2)
  }

  private func collect(_ connections: [PinnedConnection]) {
    for (number, connection) in connections.enumerated() {
      guard let sent = connection.sentAt else { continue }
      let now = PinnedConnection.now
      if let reply = connection.take() {
        lock.withLock {
          answers[number].append(Answer(sent: sent, received: now, reply: reply))
        }
      } else if now - sent > Self.patience {
        connection.hangUp()
      }
    }
  }
}
