import Foundation
import TestSupport

/// Asks for one link's statistics all the while, whose clicks are all old: no answer may count
/// one more or less of them.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class SeamReader: @unchecked Sendable {
  private let code: String
  private let clicks: [OldClick]
  private let lock = NSLock()
  private let group = DispatchGroup()
  private var isStopped = false
  private var isStarted = false
  private var answers = 0
  private var wrong: [String] = []

  init(_ code: String, _ clicks: [OldClick]) {
    self.code = code
    self.clicks = clicks
  }

  /// How many answers were right.
  var right: Int { lock.withLock { answers } }
  var faults: [String] { lock.withLock { wrong } }

  func start() {
    guard lock.withLock({ !isStarted }) else { return }
    lock.withLock { isStarted = true }
    group.enter()
    let thread = Thread { [self] in
      while !(lock.withLock { isStopped }) {
        ask()
        usleep(200_000)
      }
      group.leave()
    }
    thread.start()
  }

  func stop() {
    lock.withLock { isStopped = true }
    group.wait()
  }

  /// Statistics may be away for a while, as every answer but 200 and 404 says.
  private func ask() {
    guard let answer = try? HTTPClient.site().get("/stats/\(code)"),
      [200, 404].contains(answer.status)
    else { return }
    let isRight = (try? answer.status == 200 && isRight(answer.json)) ?? false
    lock.withLock {
      if isRight { answers += 1 } else { wrong.append("/stats/\(code) tells: \(answer.text)") }
    }
  }

  private func isRight(_ stats: JSONAnswer) throws -> Bool {
    func sum(_ entries: JSONAnswer) throws -> Int {
      try entries.elements.reduce(0) { try $0 + $1["clicks"].number }
    }
    let referred = clicks.filter { !Referrer.host(of: $0.referrer).isEmpty }
    return try stats["total_clicks"].number == clicks.count
      && stats["unique_visitors"].number == Set(clicks.map(\.address)).count
      && sum(stats["clicks_by_day"]) == clicks.count
      && sum(stats["top_referrers"]) == referred.count
  }
}
