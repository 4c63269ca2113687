/// The requests of keys as one process counts them, while nothing counts those of all processes.
///
/// A process allows its share of each limit. The host's processes together allow the limit, or one request
/// each where the limit is smaller than their number.
package struct LocalQuotas: Sendable {
  private struct Minute {
    var used: Int
    let end: Int64
  }

  private let processes: Int
  private let keys: Int
  private var minutes: [Int: Minute] = [:]

  /// - Parameters:
  ///   - processes: Those that share each limit.
  ///   - keys: How many keys are counted at most.
  package init(processes: Int, keys: Int = 10_000) {
    self.processes = max(1, processes)
    self.keys = keys
  }

  /// Counts a request.
  ///
  /// - Parameters:
  ///   - id: The key's id.
  ///   - limit: The key's requests in a minute, over all processes.
  ///   - now: Milliseconds of a clock that never steps.
  /// - Returns: What is left of this process's share.
  package mutating func count(_ id: Int, limit: Int, at now: Int64) -> Quota {
    var minute = minutes[id] ?? Minute(used: 0, end: 0)
    if now >= minute.end { minute = Minute(used: 0, end: now + Int64(Quota.seconds) * 1000) }
    // It stays a number however long the minute is.
    minute.used = min(minute.used + 1, limit + 1)
    makeRoom(for: id, at: now)
    minutes[id] = minute
    return Quota(
      limit: max(1, limit / processes), used: minute.used, millisecondsLeft: minute.end - now)
  }

  /// Forgets keys whose minute is over; all of them when there are too many.
  private mutating func makeRoom(for id: Int, at now: Int64) {
    guard minutes.count >= keys, minutes[id] == nil else { return }
    minutes = minutes.filter { now < $0.value.end }
    if minutes.count >= keys { minutes = [:] }
  }
}
