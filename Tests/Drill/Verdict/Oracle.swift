import Foundation
import TestSupport

/// What the clients of a drill sent and were answered; no fault touches it.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Oracle: @unchecked Sendable {
  /// One click as it must be found in ClickHouse.
  struct Expected: Hashable, Sendable {
    let code: String
    let address: String
    let userAgent: String
    let referrer: String
  }

  /// When a request was sent and answered.
  struct Span: Sendable {
    let began: Date
    let ended: Date
  }

  /// How many requests of a kind got what they asked for, and what the others got.
  struct Tally: Sendable {
    var right = 0
    var others: [String: Int] = [:]

    var attempted: Int { right + others.values.reduce(0, +) }
  }

  private let lock = NSLock()
  private var expected: [String: Expected] = [:]
  private var open: [Expected] = []
  private var tallies: [RequestKind: Tally] = [:]
  private var spans: [String: Span] = [:]
  private var led: [String: Led] = [:]
  /// The ids of warm redirects.
  private var warm: Set<String> = []
  private var wrongs: [String] = []

  /// Notes an answered redirect by the id that the client saw.
  ///
  /// - Parameters:
  ///   - id: The answer's X-Request-Id.
  ///   - visit: What was sent.
  ///   - began: When it was.
  func answered(_ id: String, _ visit: Visit, began: Date) {
    let span = Span(began: began, ended: Date())
    lock.withLock {
      tallies[visit.kind, default: Tally()].right += 1
      expected[id] = visit.click
      spans[id] = span
      // Which state of it an edited link was in is known at the end.
      if visit.kind != .edited { led[id] = visit.led }
      if visit.kind == .warm { warm.insert(id) }
    }
  }

  /// Notes a click that stands in a journal or a table although no client asked for it.
  ///
  /// - Parameters:
  ///   - id: Its event.
  ///   - click: What is there.
  ///   - time: Of which time it is; nil for any.
  func planted(_ id: String, _ click: Expected, at time: Date? = nil) {
    lock.withLock {
      tallies[.warm, default: Tally()].right += 1
      expected[id] = click
      spans[id] = time.map { Span(began: $0, ended: $0) }
    }
  }

  /// Leaves out clicks that the drill itself has destroyed.
  func forget(_ ids: some Sequence<String>) {
    lock.withLock {
      for id in ids where expected.removeValue(forKey: id) != nil {
        tallies[.warm, default: Tally()].right -= 1
      }
    }
  }

  /// Notes a request for a link that leads nowhere any more, which was told so.
  func refused(_ visit: Visit) {
    lock.withLock { tallies[visit.kind, default: Tally()].right += 1 }
  }

  /// Notes a request for a link that got no redirect; its click may be recorded all the same.
  func failed(_ visit: Visit, _ outcome: String) {
    lock.withLock {
      tallies[visit.kind, default: Tally()].others[outcome, default: 0] += 1
      open.append(visit.click)
    }
  }

  /// Notes a request for a code without a link: nil when it was told so.
  func asked(unknown outcome: String?) {
    lock.withLock {
      if let outcome {
        tallies[.unknown, default: Tally()].others[outcome, default: 0] += 1
      } else {
        tallies[.unknown, default: Tally()].right += 1
      }
    }
  }

  /// Notes an answer that nothing excuses, such as another link's destination.
  func wrong(_ answer: String) {
    lock.withLock { wrongs.append(answer) }
  }

  /// Of the warm links, both at the same moment.
  var counts: (attempted: Int, answered: Int) {
    let warm = tally(of: .warm)
    return (warm.attempted, warm.right)
  }

  func tally(of kind: RequestKind) -> Tally { lock.withLock { tallies[kind] ?? Tally() } }
  var answers: [String: Expected] { lock.withLock { expected } }
  /// Requests for links that got no redirect.
  var unanswered: [Expected] { lock.withLock { open } }
  var wrongAnswers: [String] { lock.withLock { wrongs } }
  var times: [String: Span] { lock.withLock { spans } }
  /// By what the redirects were led.
  var leds: [String: Led] { lock.withLock { led } }

  /// The milliseconds within which 99 of 100 redirects of warm links were answered; nil without
  /// any.
  ///
  /// It counts redirects that were requested between two times.
  func latency(from start: Date, to end: Date) -> Int? {
    let sorted = lock.withLock { spans.filter { warm.contains($0.key) }.values }
      .filter { (start..<end).contains($0.began) }
      .map { $0.ended.timeIntervalSince($0.began) }.sorted()
    return sorted.isEmpty ? nil : Int(sorted[sorted.count * 99 / 100] * 1000)
  }
}
