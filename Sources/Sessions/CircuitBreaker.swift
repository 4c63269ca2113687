/// Stops a process from asking a dead engine again and again.
///
/// After a failure no request is sent for a while; then one request tries. The pause doubles from
/// `shortest` to `longest` with each failure in a row. Half of it is random, so that the workers of
/// a pool don't all retry at once. Times are milliseconds of one clock that never steps.
package struct CircuitBreaker: Sendable {
  private let shortest: Int64
  private let longest: Int64
  private var failures = 0
  private var reopensAt = Int64.min

  package init(shortestMilliseconds: Int64, longestMilliseconds: Int64) {
    shortest = shortestMilliseconds
    longest = longestMilliseconds
  }

  /// Whether the engine's last result was a failure.
  package var isTripped: Bool { failures > 0 }

  package func allows(at now: Int64) -> Bool { now >= reopensAt }

  /// Whole seconds until an attempt is allowed, at least one: the value of a `Retry-After`.
  package func retryAfterSeconds(at now: Int64) -> Int {
    now >= reopensAt ? 1 : Int((reopensAt - now + 999) / 1000)
  }

  package mutating func failed(at now: Int64, using random: inout some RandomNumberGenerator) {
    let pause = min(longest, shortest << min(failures, 16))
    failures += 1
    reopensAt = now + pause / 2 + Int64.random(in: 0...max(0, pause / 2), using: &random)
  }

  package mutating func succeeded() {
    failures = 0
    reopensAt = .min
  }
}
