import Foundation
import TestSupport

/// Links that are made at the same time.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Creations: @unchecked Sendable {
  private let lock = NSLock()
  private let group = DispatchGroup()
  private var counts = (begun: 0, ended: 0)
  private var others: [Int] = []
  private var isStopped = false

  var begun: Int { lock.withLock { counts.begun } }
  var ended: Int { lock.withLock { counts.ended } }

  /// Begins; with `again` each makes one link after the other until `stop`.
  init(_ site: Site, count: Int, again: Bool = false) {
    for _ in 0..<count {
      group.enter()
      let thread = Thread { [self] in
        repeat {
          lock.withLock { counts.begun += 1 }
          let answer = try? site.http.post(
            "/shorten", json: #"{"original_url":"https://example.com"}"#)
          lock.withLock {
            counts.ended += 1
            if answer?.status != 201 { others.append(answer?.status ?? 0) }
          }
        } while again && !(lock.withLock { isStopped })
        group.leave()
      }
      thread.start()
    }
  }

  /// Waits for the last answers; how many there were, and those that were no 201.
  func stop() -> (ended: Int, others: [Int]) {
    lock.withLock { isStopped = true }
    group.wait()
    return lock.withLock { (counts.ended, others) }
  }
}
