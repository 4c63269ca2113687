/// How many visits may be written: so many a second, and ten times as many after a quiet time.
struct VisitBucket {
  private static let burstSeconds: Int64 = 10

  private let perSecond: Int64
  /// A thousandth of a visit each.
  private var tokens: Int64
  private var filled: Int64 = 0

  init(perSecond: Int) {
    self.perSecond = Int64(perSecond)
    tokens = self.perSecond * Self.burstSeconds * 1000
  }

  /// Takes a visit.
  ///
  /// - Parameter now: Milliseconds, by a clock that never steps.
  /// - Returns: Whether there was one.
  mutating func take(at now: Int64) -> Bool {
    let passed = min(max(0, now - filled), Self.burstSeconds * 1000)
    filled = now
    tokens = min(tokens + passed * perSecond, perSecond * Self.burstSeconds * 1000)
    guard tokens >= 1000 else { return false }
    tokens -= 1000
    return true
  }
}
