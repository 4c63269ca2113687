import Links
import Management
import Redis
import Service

/// Redis: reachable, its version, clock, what it forgets, worker ids given out.
struct RedisCheck {
  private static let timeout = 2000
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    do throws(RedisError) {
      let start = SystemClock.bootMilliseconds()
      let connection = try Connection(
        Address(parsing: settings.redisURL), connectTimeoutMilliseconds: Self.timeout,
        timeoutMilliseconds: Self.timeout)
      let info = try information(connection)
      let version = info["redis_version"] ?? "unknown version"
      return [
        .ok("Redis", "\(version), connected in " + Timing.milliseconds(since: start)),
        try clock(connection), memory(info), persistence(info), try leases(connection),
      ]
    } catch {
      return [
        .failed(
          "Redis", error.debugDescription,
          do: "start it, or correct REDIS_URL; until then "
            + "PostgreSQL is asked for what workers don't remember")
      ]
    }
  }

  private func information(_ connection: Connection) throws(RedisError) -> [String: String] {
    let text = try connection.command(["INFO"], timeoutMilliseconds: Self.timeout).text ?? ""
    var information: [String: String] = [:]
    for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      information[String(decoding: parts[0], as: UTF8.self)] =
        String(decoding: parts[1], as: UTF8.self)
    }
    return information
  }

  private func clock(_ connection: Connection) throws(RedisError) -> Finding {
    let before = SystemClock.milliseconds()
    let time = try connection.command(["TIME"], timeoutMilliseconds: Self.timeout).elements ?? []
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

  private func leases(_ connection: Connection) throws(RedisError) -> Finding {
    let names = RedisWorkerLeases.numbers.map { Command.Word.text("worker_id:\($0)") }
    let holders = try connection.command(
      Command([.text("MGET")] + names), timeoutMilliseconds: Self.timeout)
    let held = (holders.elements ?? []).filter { $0 != .null }.count
    let total = RedisWorkerLeases.numbers.count
    let settling = try connection.command(
      ["PTTL", "worker_id:settling"], timeoutMilliseconds: Self.timeout)
    var detail = "\(held) of \(total) held"
    if let left = settling.integer, left > 0 {
      detail += "; Redis was started anew and gives none for another \(left / 1000 + 1) s"
    }
    guard held * 10 < total * 9 else {
      return .warning(
        "worker ids of Redis", detail,
        do: "lower the number of workers, or look for processes that die often")
    }
    return .ok("worker ids of Redis", detail)
  }
}
