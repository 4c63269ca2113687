/// Limits rows over time, so that the server has capacity for other work.
struct Pace {
  /// The limit of a burst, in milliseconds of the rate.
  private static let burst = 5000

  /// Rows a second; 0 for no limit.
  let rate: Int
  private var due: Int64 = 0

  init(rate: Int) {
    self.rate = rate
  }

  /// The number of rows allowed at a time, at most `limit`.
  func rows(limit: Int) -> Int {
    rate == 0 ? limit : max(1, min(limit, rate * Self.burst / 1000))
  }

  /// Notes rows.
  ///
  /// - Parameters:
  ///   - rows: Their number.
  ///   - began: When they began, in milliseconds of a clock that doesn't step.
  ///   - now: By the same clock.
  /// - Returns: The milliseconds to wait before the next rows.
  mutating func pause(after rows: Int, since began: Int64, at now: Int64) -> Int {
    guard rate > 0 else { return 0 }
    due = max(due, began) + Int64(rows) * 1000 / Int64(rate)
    return Int(max(0, due - now))
  }
}
