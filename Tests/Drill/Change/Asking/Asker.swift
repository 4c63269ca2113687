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
  /// Of those that rest, these are asked once.
  private var single: Set<Int> = []

  /// An answer may take so long, for a worker may be held; then the connection is given up.
  private static let patience = 300.0

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

  /// The latest answer of each place.
  var latest: [Answer?] { lock.withLock { answers.map(\.last) } }

  /// Leaves these places alone, all others are asked; returns when they have answered.
  func rest(_ places: some Sequence<Int>) {
    lock.withLock { resting = Set(places) }
    usleep(500_000)
  }

  /// Asks a place that rests one single time.
  func askOnce(_ place: Int) { lock.withLock { _ = single.insert(place) } }

  /// The 99th percentile of the answers of the places that are pressed, in milliseconds.
  func latency(since moment: Double) -> Int {
    let times = zip(places, all).filter(\.0.isPressed).flatMap { _, answers in
      answers.reversed().prefix { $0.sent >= moment }.map { $0.received - $0.sent }
    }.sorted()
    return times.isEmpty ? 0 : Int((times[times.count * 99 / 100] * 1000).rounded(.up))
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
        guard connection.sentAt == nil, connection.nextAt <= now else { continue }
        if !resting.contains(number) || lock.withLock({ single.remove(number) }) != nil {
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
