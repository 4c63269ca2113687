/// Spreads rows over time, so that a server has time for others.
struct Pace {
  /// For how many milliseconds of the rate rows may come at a time.
  private static let burst = 5000

  /// Rows a second; 0 for no limit.
  let rate: Int
  private var due: Int64 = 0

  init(rate: Int) {
    self.rate = rate
  }

  /// How many rows may come at a time, `limit` at most.
  func rows(limit: Int) -> Int {
    rate == 0 ? limit : max(1, min(limit, rate * Self.burst / 1000))
  }

  /// Takes rows in.
  ///
  /// - Parameters:
  ///   - rows: How many there were.
  ///   - began: When the first came, in milliseconds of a clock that doesn't step.
  ///   - now: By the same clock.
  /// - Returns: Milliseconds to wait before the next.
  mutating func pause(after rows: Int, since began: Int64, at now: Int64) -> Int {
    guard rate > 0 else { return 0 }
    due = max(due, began) + Int64(rows) * 1000 / Int64(rate)
    return Int(max(0, due - now))
  }
}
