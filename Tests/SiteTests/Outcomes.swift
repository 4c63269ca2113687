import Foundation

/// How often each status was answered.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Outcomes: @unchecked Sendable {
  private let lock = NSLock()
  private var counts: [Int: Int] = [:]

  func add(_ status: Int) { lock.withLock { counts[status, default: 0] += 1 } }

  var all: [Int: Int] { lock.withLock { counts } }
}
