import Foundation
import TestSupport

/// Redirects all the time, from several clients, and what they were answered.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Traffic: @unchecked Sendable {
  private let lock = NSLock()
  private var stopped = false
  private var ids: [String] = []
  private var others: [String] = []
  private let group = DispatchGroup()

  init(_ site: Site, code: String, clients: Int = 4) {
    for _ in 0..<clients {
      DispatchQueue.global().async(group: group) { [self] in
        while !(lock.withLock { stopped }) {
          let outcome = Result { try site.http.get("/\(code)") }
          lock.withLock {
            switch outcome {
            case .success(let answer) where answer.status == 301:
              ids.append(answer["x-request-id"] ?? "")
            case .success(let answer): others.append("\(answer.status) \(answer.text)")
            case .failure(let error): others.append("\(error)")
            }
          }
        }
      }
    }
  }

  /// Waits until so many redirects were made; a busy machine makes few.
  func reaches(_ count: Int) -> Bool {
    eventually(seconds: 30) { lock.withLock { ids.count } >= count }
  }

  /// The same with so many more than by now.
  func goesOn(for count: Int) -> Bool { reaches(lock.withLock { ids.count } + count) }

  func stop() -> (redirected: Int, others: [String]) {
    let (ids, others) = stopWithIDs()
    return (ids.count, others)
  }

  /// The same with the request id of each redirect.
  func stopWithIDs() -> (redirected: [String], others: [String]) {
    lock.withLock { stopped = true }
    group.wait()
    return lock.withLock { (ids, others) }
  }
}
