/// When an active dispatcher whose announcements fail gives the lock up.
///
/// Its host may have lost Redis while another host reaches it. So it gives the lock up once all has failed
/// for `patience`, if another dispatcher is there to take it, and doesn't take it for `rest`. If no
/// dispatcher reaches Redis, they take turns.
struct LockTurn: Equatable {
  /// How long announcements may fail, in milliseconds.
  static let patience: Int64 = 10_000
  /// Longer than a dispatcher that stands by takes to try for the lock, in milliseconds.
  static let rest: Int64 = 5000
  /// Between two looks for another dispatcher, in milliseconds.
  static let interval: Int64 = 1000

  private var lookAt: Int64?
  private var restsUntil = Int64.min

  /// Takes in whether the last round failed for want of Redis.
  mutating func note(cacheFails: Bool, at now: Int64) {
    lookAt = cacheFails ? lookAt ?? now + Self.patience : nil
  }

  /// Whether to look for another dispatcher now: once each `interval` is enough.
  mutating func looksForOthers(at now: Int64) -> Bool {
    guard let lookAt, now >= lookAt else { return false }
    self.lookAt = now + Self.interval
    return true
  }

  /// Takes in that the lock is given up.
  mutating func rest(at now: Int64) {
    lookAt = nil
    restsUntil = now + Self.rest
  }

  func mayTakeLock(at now: Int64) -> Bool { now >= restsUntil }
}
