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
  private var times: [Double] = []

  /// Notes an answered redirect by the id that the client saw.
  func answered(_ id: String, _ click: Expected, seconds: Double) {
    lock.withLock {
      attempts += 1
      expected[id] = click
      times.append(seconds)
    }
  }

  /// Notes a click that stands in a journal although no client asked for it.
  func planted(_ id: String, _ click: Expected) {
    lock.withLock {
      attempts += 1
      expected[id] = click
    }
  }

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

  /// The time within which 99 of 100 redirects were answered, and the longest; milliseconds.
  var latency: (p99: Int, longest: Int) {
    let sorted = lock.withLock { times }.sorted()
    guard let last = sorted.last else { return (0, 0) }
    return (Int(sorted[sorted.count * 99 / 100] * 1000), Int(last * 1000))
  }
}
