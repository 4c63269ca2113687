import Hashing

/// The sessions that a worker has found to have ended.
///
/// Tabs go on asking with the value of an ended session. It is looked up once a minute, and counted as one
/// wrong guess. A session that has ended never comes back, so its end may be remembered.
struct EndedSessions {
  /// Until when each is remembered, on the boot clock.
  private var ends: [SHA256: Int64] = [:]

  private static let milliseconds: Int64 = 60_000
  private static let limit = 1000

  func contains(_ hash: SHA256, at now: Int64) -> Bool { ends[hash].map { now < $0 } ?? false }

  mutating func insert(_ hash: SHA256, at now: Int64) {
    if ends.count >= Self.limit { ends = [:] }
    ends[hash] = now + Self.milliseconds
  }
}
