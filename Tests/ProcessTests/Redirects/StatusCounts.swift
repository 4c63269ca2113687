import Foundation

/// How often each status was answered.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class StatusCounts: @unchecked Sendable {
  private let lock = NSLock()
  private var counted: [String: Int] = [:]

  func add(_ status: String) { lock.withLock { counted[status, default: 0] += 1 } }

  var counts: [String: Int] { lock.withLock { counted } }
}
