import Lookup
import Management
import Redis
import Service
import Sessions

/// Checks Redis: reachable, version, clock, eviction and persistence, worker ids in use.
struct RedisCheck {
  private static let timeout = 2000
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    do throws(SettingError) {
      let session = try RedisSession(
        settings, timeoutMilliseconds: Self.timeout, log: Doctor.quietLog)
      do throws(StoreError) {
        return try findings(session)
      } catch {
        return [failed(error.detail)]
      }
    } catch {
      return [.failed("Redis", error.description, do: "correct REDIS_URL")]
    }
  }

  private func findings(_ session: RedisSession) throws(StoreError) -> [Finding] {
    let start = SystemClock.bootMilliseconds()
    _ = try session.ask(["PING"], during: "connect")
    let answer = "connected in " + Timing.milliseconds(since: start)
    let info = try information(session)
    let version = info["redis_version"] ?? "unknown version"
    return [
      EngineRelease.redis.finding(version, answer), try clock(session), memory(info),
      persistence(info), try writes(session), try leases(session), try announcing(session),
    ]
  }

  /// Checks whether it takes writes, by one that writes nothing: XX, and no API key has the number 0.
  private func writes(_ session: RedisSession) throws(StoreError) -> Finding {
    let replies = try session.run([["SET", "key_requests:0", "0", "XX"]])
    guard case .error(let text)? = replies.first else { return .ok("Redis writes", "accepted") }
    let cures = [
      "READONLY": "point REDIS_URL at the primary",
      "OOM": "raise maxmemory, and set maxmemory-policy volatile-lru",
      "MISCONF": "make room on its disk, and see its log",
      "NOPERM": "give its user the rights of the handbook",
    ]
    let cure = text.split(separator: " ").first.flatMap { cures[String($0)] }
    return .failed(
      "Redis writes", text,
      do: (cure ?? "see its log")
        + "; until then PostgreSQL is asked for what workers don't remember")
  }

  /// Checks whether its user may announce a change of a link; the announcement names no link.
  private func announcing(_ session: RedisSession) throws(StoreError) -> Finding {
    let channel = Announcement.channel(session.database)
    let replies = try session.run([
      ["EVAL", "return 1", 0], ["PTTL", "key_requests:0"], ["PUBLISH", .text(channel), ""],
    ])
    for case .error(let text) in replies {
      return .failed(
        "Redis rights", text,
        do:
          "let its user run EVAL, SUBSCRIBE and PUBLISH on channels short_url_changes:*, and count in "
          + "keys key_requests:*")
    }
    let hearers = replies.last?.integer ?? 0
    return .ok("Redis rights", "a change would be heard by \(hearers) invalidators of all hosts")
  }

  private func failed(_ reason: String) -> Finding {
    .failed(
      "Redis", reason,
      do: Advice.engine(
        reason, setting: "REDIS_URL",
        meanwhile: "until then PostgreSQL is asked for what workers don't remember"))
  }

  private func information(_ session: RedisSession) throws(StoreError) -> [String: String] {
    let text = try session.ask(["INFO"], during: "read INFO").text ?? ""
    var information: [String: String] = [:]
    for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      information[String(decoding: parts[0], as: UTF8.self)] =
        String(decoding: parts[1], as: UTF8.self)
    }
    return information
  }

  private func clock(_ session: RedisSession) throws(StoreError) -> Finding {
    let before = SystemClock.milliseconds()
    let time = try session.ask(["TIME"], during: "read the clock").elements ?? []
    let after = SystemClock.milliseconds()
    let seconds = time.first?.integer ?? 0
    let microseconds = time.last?.integer ?? 0
    return Timing.clockFinding(
      "Redis", theirs: seconds * 1000 + microseconds / 1000, before: before, after: after)
  }

  private func memory(_ info: [String: String]) -> Finding {
    let policy = info["maxmemory_policy"] ?? "unknown"
    let used = info["used_memory_human"] ?? "?"
    let limit = info["maxmemory"] == "0" ? "no limit" : info["maxmemory_human"] ?? "?"
    let detail = "\(used) used, \(limit), \(policy)"
    if info["maxmemory"] == "0" || policy == "volatile-lru" || policy == "volatile-lfu" {
      return .ok("Redis memory", detail)
    }
    return .warning(
      "Redis memory", detail,
      do: "set maxmemory-policy volatile-lru: others evict the record of worker ids, or refuse "
        + "to cache when full")
  }

  private func persistence(_ info: [String: String]) -> Finding {
    guard info["aof_enabled"] == "1" else {
      return .warning(
        "Redis persistence", "appendonly is off: a restart forgets cache and worker ids",
        do: "set appendonly yes")
    }
    guard info["aof_last_write_status"] == "ok" else {
      return .failed(
        "Redis persistence", "its last write to the append-only file failed",
        do: "make room on its disk")
    }
    return .ok("Redis persistence", "append-only file, last write ok")
  }

  private func leases(_ session: RedisSession) throws(StoreError) -> Finding {
    let leases = RedisWorkerLeases(session, latestTimestamp: { 0 })
    let held = try leases.holders().count
    let total = RedisWorkerLeases.numbers.count
    var detail = "\(held) of \(total) held"
    if let left = try leases.gracePeriodMilliseconds() {
      detail += "; Redis was restarted and grants none for another \(left / 1000 + 1) s"
    }
    guard held * 10 < total * 9 else {
      return .warning(
        "worker ids of Redis", detail,
        do: "lower the number of workers, or look for processes that die often")
    }
    return .ok("worker ids of Redis", detail)
  }
}
