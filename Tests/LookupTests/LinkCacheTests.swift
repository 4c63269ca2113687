import EngineSupport
import Glibc
import Links
import Lookup
import Redis
import Service
import Sessions
import TestSupport
import XCTest

final class LinkCacheTests: XCTestCase {
  private let link = Link(
    id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "http://e.org/?a=b%20"))

  override func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// Without the memory in front of Redis, unless that is asked for.
  private func cache(_ redis: PrivateRedis, _ others: [String: String] = [:]) throws -> LinkCache {
    let settings = try Settings(
      Variables(
        ["REDIS_URL": redis.url, "HOT_CACHE_MS": "0"].merging(others) { _, other in other }))
    return LinkCache(try RedisSession(settings, log: .quiet), settings)
  }

  private func lifetime(_ redis: PrivateRedis) throws -> Int64 {
    let connection = try Redis.Connection(
      Address(parsing: redis.url), connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 10_000)
    return try connection.command(
      ["TTL", .text("short_url:\(link.slug)")], timeoutMilliseconds: 10_000
    ).integer ?? 0
  }

  func testALinkIsRememberedForADayAMissForSecondsAndBothAreForgotten() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    XCTAssertEqual(cache.lookup(link.key), .unknown)
    cache.rememberMissing(link.key)
    XCTAssertEqual(cache.lookup(link.key), .missing)
    XCTAssertTrue((29...30).contains(try lifetime(redis)))
    cache.remember(link)
    XCTAssertEqual(cache.lookup(link.key), .hit(PlainLink(link.destination)))
    cache.flush()
    XCTAssertTrue((86_399...86_400).contains(try lifetime(redis)))
    cache.forget(link.key)
    XCTAssertEqual(cache.lookup(link.key), .unknown)
  }

  func testRedisIsToldOfSeveralNewLinksInOneRoundTripButNotOfTooMany() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    let other = try self.cache(redis, ["REDIS_TIMEOUT_MS": "500", "HOT_CACHE_MS": "0"])
    for count in 1...15 {
      cache.remember(link)
      cache.flushUnless(true)
      XCTAssertEqual(other.lookup(link.key), .unknown, "after \(count)")
    }
    cache.remember(link)
    cache.flushUnless(true)
    XCTAssertEqual(other.lookup(link.key), .hit(PlainLink(link.destination)))

    let second = Link(id: SnowflakeID(rawValue: 2), destination: link.destination)
    cache.remember(second)
    cache.flushUnless(true)
    XCTAssertEqual(other.lookup(second.key), .unknown)
    cache.flushUnless(false)
    XCTAssertEqual(other.lookup(second.key), .hit(PlainLink(second.destination)))
  }

  func testWhatWasFoundAMomentAgoNeedsNoRedisAndIsForgottenAtOnceWhenAsked() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500", "HOT_CACHE_MS": "60000"])
    let other = LinkKey(try XCTUnwrap(Slug("other")))
    cache.remember(link)
    cache.rememberMissing(other)
    redis.kill()
    XCTAssertEqual(cache.lookup(link.key), .hit(PlainLink(link.destination)))
    XCTAssertEqual(cache.lookup(other), .missing)
    cache.forget(link.key)
    XCTAssertEqual(cache.lookup(link.key), .unknown)
  }

  func testAHitOfRedisIsRememberedToo() throws {
    let redis = try PrivateRedis()
    let first = try self.cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    first.remember(link)
    first.flush()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500", "HOT_CACHE_MS": "60000"])
    XCTAssertEqual(cache.lookup(link.key), .hit(PlainLink(link.destination)))
    redis.kill()
    XCTAssertEqual(cache.lookup(link.key), .hit(PlainLink(link.destination)))
  }

  func testALinkThatIsNamedByItsIDIsAPlainURLAndAnotherOneHasItsID() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    let slug = try XCTUnwrap(Slug("summer-sale"))
    let named = Link(
      id: link.id, key: LinkKey(slug), destination: link.destination, createdAt: 0)
    let elsewhere = Link(
      id: link.id, key: LinkKey(slug, domain: "other.example"), destination: link.destination,
      createdAt: 0)
    for link in [link, named, elsewhere] { cache.remember(link) }
    cache.flush()
    let connection = try Redis.Connection(
      Address(parsing: redis.url), connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 10_000)
    for (key, value) in [
      ("short_url:\(link.slug)", "http://e.org/?a=b%20"),
      ("short_url:summer-sale", "=4711 http://e.org/?a=b%20"),
      ("short_url@other.example:summer-sale", "=4711 http://e.org/?a=b%20"),
    ] {
      let reply = try connection.command(["GET", .text(key)], timeoutMilliseconds: 10_000)
      XCTAssertEqual(reply, .bulk(Array(value.utf8)), key)
    }
    XCTAssertEqual(cache.lookup(link.key), .hit(PlainLink(link.destination)))
    XCTAssertEqual(cache.lookup(named.key), .hit(PlainLink(link.destination, id: link.id)))
    XCTAssertEqual(cache.lookup(LinkKey(slug, domain: "third.example")), .unknown)
  }

  func testWhatIsRememberedIsToldToRedisByTheFlush() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    let other = try self.cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    cache.remember(link)
    XCTAssertEqual(other.lookup(link.key), .unknown)
    cache.flush()
    XCTAssertEqual(other.lookup(link.key), .hit(PlainLink(link.destination)))
  }

  /// Who asks is told what is known now: nothing is written down of the question.
  func testALookupLeavesNothingInRedis() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    XCTAssertEqual(cache.lookup(link.key), .unknown)
    let connection = try Redis.Connection(
      Address(parsing: redis.url), connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 10_000)
    let keys = try connection.command(["DBSIZE"], timeoutMilliseconds: 10_000).integer
    XCTAssertEqual(keys, 0)
  }

  func testADeadRedisIsUnknownHardlyAskedAndComesBackByItself() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis)
    XCTAssertTrue(
      eventually(seconds: 2) {
        cache.remember(link)
        return cache.lookup(link.key) == .hit(PlainLink(link.destination))
      })
    redis.kill()
    let engine = try AbsentEngine(at: redis.socket)
    for _ in 0..<2000 { XCTAssertEqual(cache.lookup(link.key), .unknown) }
    let (tries, most) = engine.tries(pausing: 100)
    XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
    XCTAssertThrowsError(try cache.ping())
    engine.stop()
    try redis.start()
    XCTAssertTrue(
      eventually(seconds: 3) {
        cache.remember(link)
        return cache.lookup(link.key) == .hit(PlainLink(link.destination))
      })
  }

  func testASilentRedisIsWaitedForNowAndThenOnly() throws {
    let redis = try PrivateRedis()
    let engine = try AbsentEngine(name: "s", before: redis.socket)
    let cache = try cache(redis, ["REDIS_URL": "unix://\(engine.path)"])
    XCTAssertTrue(eventually(seconds: 2) { (try? cache.ping()) != nil })
    engine.isSilent = true
    for _ in 0..<2000 { XCTAssertEqual(cache.lookup(link.key), .unknown) }
    let (tries, most) = engine.tries(pausing: 100)
    XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
    engine.isSilent = false
    XCTAssertTrue(eventually(seconds: 3) { (try? cache.ping()) != nil })
  }
}
