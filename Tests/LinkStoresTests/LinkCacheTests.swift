import Glibc
import Links
import Redis
import Service
import Stores
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
      Address(parsing: redis.url), connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 1000)
    return try connection.command(
      ["TTL", .text("short_url:\(link.code)")], timeoutMilliseconds: 1000
    ).integer ?? 0
  }

  func testALinkIsRememberedForADayAMissForSecondsAndBothAreForgotten() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    XCTAssertEqual(cache.lookup(link.code), .unknown)
    cache.rememberMissing(link.code)
    XCTAssertEqual(cache.lookup(link.code), .missing)
    XCTAssertTrue((29...30).contains(try lifetime(redis)))
    cache.remember(link)
    XCTAssertEqual(cache.lookup(link.code), .hit(link.destination))
    cache.flush()
    XCTAssertTrue((86_399...86_400).contains(try lifetime(redis)))
    cache.forget(link.code)
    XCTAssertEqual(cache.lookup(link.code), .unknown)
  }

  func testWhatWasFoundAMomentAgoNeedsNoRedisAndIsForgottenAtOnceWhenAsked() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500", "HOT_CACHE_MS": "60000"])
    let other = try XCTUnwrap(ShortCode("other"))
    cache.remember(link)
    cache.rememberMissing(other)
    redis.kill()
    XCTAssertEqual(cache.lookup(link.code), .hit(link.destination))
    XCTAssertEqual(cache.lookup(other), .missing)
    cache.forget(link.code)
    XCTAssertEqual(cache.lookup(link.code), .unknown)
  }

  func testAHitOfRedisIsRememberedToo() throws {
    let redis = try PrivateRedis()
    let first = try self.cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    first.remember(link)
    first.flush()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500", "HOT_CACHE_MS": "60000"])
    XCTAssertEqual(cache.lookup(link.code), .hit(link.destination))
    redis.kill()
    XCTAssertEqual(cache.lookup(link.code), .hit(link.destination))
  }

  func testWhatIsRememberedIsToldToRedisByTheFlush() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    let other = try self.cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    cache.remember(link)
    XCTAssertEqual(other.lookup(link.code), .unknown)
    cache.flush()
    XCTAssertEqual(other.lookup(link.code), .hit(link.destination))
  }

  func testOneLooksACodeUpAndTheOthersWaitForWhatItFinds() throws {
    let redis = try PrivateRedis()
    let first = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    XCTAssertEqual(first.lookup(link.code), .unknown)
    let second = try cache(redis, ["REDIS_TIMEOUT_MS": "500"])
    let found: Redis.Command = [
      "SET", .text("short_url:\(link.code)"), .text(link.destination.description),
    ]
    let address = try Address(parsing: redis.url)
    let thread = Thread {
      usleep(10_000)
      let connection = try? Redis.Connection(
        address, connectTimeoutMilliseconds: 1000, timeoutMilliseconds: 1000)
      _ = try? connection?.command(found, timeoutMilliseconds: 1000)
    }
    thread.start()
    // On a machine that stands still for longer than a flight it may have to look itself.
    XCTAssertTrue([.hit(link.destination), .unknown].contains(second.lookup(link.code)))
    XCTAssertTrue(eventually(seconds: 5) { second.lookup(link.code) == .hit(link.destination) })
  }

  func testWhoWaitsForNothingLooksItUpItself() throws {
    let redis = try PrivateRedis()
    let settings = ["REDIS_TIMEOUT_MS": "500"]
    XCTAssertEqual(try cache(redis, settings).lookup(link.code), .unknown)
    XCTAssertEqual(try cache(redis, settings).lookup(link.code), .unknown)
    XCTAssertEqual(try cache(redis, settings).lookup(link.code), .unknown)
  }

  func testADeadRedisIsUnknownAtAlmostNoCostAndComesBackByItself() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis)
    XCTAssertTrue(
      eventually(seconds: 2) {
        cache.remember(link)
        return cache.lookup(link.code) == .hit(link.destination)
      })
    redis.kill()
    let elapsed = ContinuousClock().measure {
      for _ in 0..<200 { XCTAssertEqual(cache.lookup(link.code), .unknown) }
    }
    XCTAssertLessThan(elapsed, .milliseconds(100))
    XCTAssertThrowsError(try cache.ping())
    try redis.start()
    XCTAssertTrue(
      eventually(seconds: 3) {
        cache.remember(link)
        return cache.lookup(link.code) == .hit(link.destination)
      })
  }

  func testAFrozenRedisCostsATimeoutNowAndThenOnly() throws {
    let redis = try PrivateRedis()
    let cache = try cache(redis)
    XCTAssertTrue(eventually(seconds: 2) { (try? cache.ping()) != nil })
    redis.freeze()
    let clock = ContinuousClock()
    let start = clock.now
    var lookups = 0
    var slow = 0
    while clock.now - start < .seconds(1) {
      let elapsed = clock.measure { XCTAssertEqual(cache.lookup(link.code), .unknown) }
      lookups += 1
      if elapsed > .milliseconds(5) { slow += 1 }
      usleep(1000)
    }
    redis.thaw()
    XCTAssertGreaterThan(lookups, 200)
    XCTAssertLessThan(slow, 12)
    XCTAssertTrue(eventually(seconds: 3) { (try? cache.ping()) != nil })
  }
}
