package import Access
import Redis
package import Service
package import Sessions

/// Counts the requests of keys in Redis, for all processes of all hosts together.
///
/// `key_requests:{id}` lives for the minute that the first request begins. While Redis doesn't answer, each
/// process allows its share.
package final class KeyQuotas: QuotaCounter {
  private let session: RedisSession
  private var local: LocalQuotas

  package init(_ session: RedisSession, _ settings: Settings) {
    self.session = session
    local = LocalQuotas(processes: settings.keyedProcesses)
  }

  package func count(_ id: Int, limit: Int) -> Quota {
    shared(id, limit: limit)
      ?? local.count(id, limit: limit, at: SystemClock.bootMilliseconds())
  }

  /// Nil when Redis doesn't count.
  ///
  /// A request whose connection is lost may count twice.
  private func shared(_ id: Int, limit: Int) -> Quota? {
    let key = Command.Word.text("key_requests:\(id)")
    let lifetime = Command.Word.integer(Int64(Quota.seconds) * 1000)
    let replies = try? session.run([
      ["INCR", key], ["PEXPIRE", key, lifetime, "NX"], ["PTTL", key],
    ])
    guard let used = replies?.first?.integer, let left = replies?.last?.integer, left >= 0 else {
      return nil
    }
    return Quota(limit: limit, used: Int(clamping: used), millisecondsLeft: left)
  }
}
