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
  /// When each was asked for and answered.
  private var spans: [String: (began: Date, ended: Date)] = [:]

  /// Notes an answered redirect by the id that the client saw.
  ///
  /// - Parameters:
  ///   - id: The answer's X-Request-Id.
  ///   - click: What was sent.
  ///   - began: When it was.
  func answered(_ id: String, _ click: Expected, began: Date) {
    let now = Date()
    lock.withLock {
      attempts += 1
      expected[id] = click
      spans[id] = (began, now)
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

  /// When a click was asked for and answered; nil for one that no client asked for.
  func span(of id: String) -> (began: Date, ended: Date)? { lock.withLock { spans[id] } }

  /// Notes a request that got no redirect, by what it got.
  func failed(_ outcome: String) {
    lock.withLock {
      attempts += 1
      failures[outcome, default: 0] += 1
    }
  }

  /// Both at the same moment.
  var counts: (attempted: Int, answered: Int) { lock.withLock { (attempts, expected.count) } }

  var attempted: Int { lock.withLock { attempts } }
  var answers: [String: Expected] { lock.withLock { expected } }
  var unanswered: [String: Int] { lock.withLock { failures } }

  /// The milliseconds within which 99 of 100 redirects were answered, of those asked for between
  /// two times; nil if there were none.
  func latency(from start: Date, to end: Date) -> Int? {
    let sorted = lock.withLock { spans.values }.filter { (start..<end).contains($0.began) }
      .map { $0.ended.timeIntervalSince($0.began) }.sorted()
    return sorted.isEmpty ? nil : Int(sorted[sorted.count * 99 / 100] * 1000)
  }
}
