/// The progress of announcing all kept rows to another Redis, the newest first.
///
/// It is kept in memory only: the next active dispatcher begins again, and repeating does no harm.
struct Reannouncement {
  private static let reportMilliseconds: Int64 = 10_000

  let identity: CacheIdentity
  /// All rows from this number on are announced.
  private(set) var end = Int64.max
  private(set) var rows = 0
  private var reportAt: Int64

  /// - Parameters:
  ///   - identity: The identity of that Redis.
  ///   - now: Milliseconds of a clock that never steps.
  init(to identity: CacheIdentity, at now: Int64) {
    self.identity = identity
    reportAt = now + Self.reportMilliseconds
  }

  /// Notes that a page was announced.
  mutating func advance(past page: OutboxPage) {
    end = page.ids.last ?? end
    rows += page.ids.count
  }

  /// Whether it is time for a line in the log.
  mutating func reportIsDue(at now: Int64) -> Bool {
    guard now >= reportAt else { return false }
    reportAt = now + Self.reportMilliseconds
    return true
  }
}
