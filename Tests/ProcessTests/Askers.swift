import Foundation
import TestSupport

/// Four clients that ask a pool again and again, for what needs no engine.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Askers: @unchecked Sendable {
  static let count = 4

  private let lock = NSLock()
  private let group = DispatchGroup()
  private var isStopped = false
  private var answers = 0
  private var failures: [String] = []

  init(of pool: WorkerPool) {
    let socket = pool.socket
    for _ in 0..<Self.count {
      group.enter()
      // A thread of its own: the pool of dispatch has no more threads than the machine has cores.
      Thread { [self] in
        while !(lock.withLock { isStopped }) { ask(socket) }
        group.leave()
      }.start()
    }
  }

  private func ask(_ socket: String) {
    let answer = Result {
      try FastCGIClient.request(socket: socket, parameters: WorkerPool.parameters())
    }
    lock.withLock {
      switch answer {
      case .success(let text) where text.hasPrefix("Status: 404 Not Found\r\n"): answers += 1
      case .success(let text): failures.append("another answer: \(text.prefix(200))")
      case .failure(let error): failures.append("\(error)")
      }
    }
  }

  /// How many right answers there were.
  var answered: Int { lock.withLock { answers } }

  /// Ends it and waits for the last answers.
  ///
  /// - Returns: What went wrong.
  func stop() -> [String] {
    lock.withLock { isStopped = true }
    group.wait()
    return lock.withLock { failures }
  }
}
