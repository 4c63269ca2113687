import Foundation
import TestSupport

/// What the clients of a drill sent and were answered; no fault touches it.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Oracle: @unchecked Sendable {
  /// One click as it must be found in ClickHouse.
  struct Expected: Equatable {
    let code: String
    let address: String
    let userAgent: String
    let referrer: String
  }

  private let lock = NSLock()
  private var expected: [String: Expected] = [:]
  private var attempts = 0
  private var failures: [String: Int] = [:]
  private var times: [(began: Double, seconds: Double)] = []
  private var answeredAt: [String: Date] = [:]

  /// Notes an answered redirect by the id that the client saw.
  ///
  /// - Parameters:
  ///   - id: The answer's X-Request-Id.
  ///   - click: What was sent.
  ///   - began: When it was, in seconds of the reference date.
  func answered(_ id: String, _ click: Expected, began: Double) {
    let now = Date()
    lock.withLock {
      attempts += 1
      expected[id] = click
      answeredAt[id] = now
      times.append((began, now.timeIntervalSinceReferenceDate - began))
    }
  }

  /// Notes a click that stands in a journal although no client asked for it.
  func planted(_ id: String, _ click: Expected) {
    lock.withLock {
      attempts += 1
      expected[id] = click
    }
  }

  /// Leaves out clicks that the drill itself has destroyed.
  func forget(_ ids: some Sequence<String>) {
    lock.withLock {
      for id in ids where expected.removeValue(forKey: id) != nil { attempts -= 1 }
    }
  }

  /// When an answer arrived; nil for one that no client asked for.
  func time(of id: String) -> Date? { lock.withLock { answeredAt[id] } }

  /// Notes a request that got no redirect, by what it got.
  func failed(_ outcome: String) {
    lock.withLock {
      attempts += 1
      failures[outcome, default: 0] += 1
    }
  }

  var attempted: Int { lock.withLock { attempts } }
  var answers: [String: Expected] { lock.withLock { expected } }
  var unanswered: [String: Int] { lock.withLock { failures } }

  /// The milliseconds within which 99 of 100 redirects were answered, of those asked for between
  /// two times; nil if there were none.
  func latency(from start: Date, to end: Date) -> Int? {
    let span = start.timeIntervalSinceReferenceDate..<end.timeIntervalSinceReferenceDate
    let sorted = lock.withLock { times }.filter { span.contains($0.began) }.map(\.seconds).sorted()
    return sorted.isEmpty ? nil : Int(sorted[sorted.count * 99 / 100] * 1000)
  }
}
