import EngineSupport
import Links
import Lookup
import Redis
import Service
import Sessions
import TestSupport

/// Caches of links on one Redis and one page of generations, and the page's writer.
final class CacheScene {
  private let directory: ScratchDirectory
  private let settings: Settings
  let writer: GenerationWriter

  /// Without the memory in front of Redis, and with time for a slow machine, unless told otherwise.
  init(_ redis: PrivateRedis, _ others: [String: String] = [:]) throws {
    directory = try ScratchDirectory("cache")
    settings = try Settings(
      Variables(
        [
          "REDIS_URL": redis.url, "HOT_CACHE_MS": "0", "REDIS_TIMEOUT_MS": "5000",
          "STATE_DIR": directory.path,
        ].merging(others) { _, other in other }))
    writer = try GenerationWriter(StateDirectory(settings))
  }

  /// A cache that has the page open.
  func cache() throws -> LinkCache {
    let cache = LinkCache(try RedisSession(settings, log: .quiet), settings)
    cache.tick()
    return cache
  }

  /// Whether it becomes true, checked repeatedly, each time right after a beat.
  ///
  /// The machine may stop a test for longer than a beat is fresh.
  func holdsWhileBeating(_ isTrue: () -> Bool) -> Bool {
    eventually(seconds: 30) {
      let now = SystemClock.bootMilliseconds()
      writer.beat(boot: now, monotonic: now)
      return isTrue()
    }
  }
}

extension LinkCache {
  /// As creation does.
  func remember(_ link: Link) {
    remember(LinkRecord(link), of: link.key, under: lease(link.key))
  }

  func isUnknown(_ key: LinkKey) -> Bool {
    if case .unknown = lookup(key, isLeasing: false) { true } else { false }
  }
}

extension PrivateRedis {
  /// What it has under a key.
  func value(_ key: String) throws -> Reply {
    let connection = try Redis.Connection(
      Address(parsing: url), connectTimeoutMilliseconds: 10_000, timeoutMilliseconds: 10_000)
    return try connection.command(["GET", .text(key)], timeoutMilliseconds: 10_000)
  }
}
