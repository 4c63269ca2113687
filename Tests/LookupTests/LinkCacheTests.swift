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
  private var hit: CacheLookup { .hit(PlainLink(link.destination)) }

  override func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  func testALinkIsRememberedForADayAndAMissForSeconds() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    guard case .unknown(let lease) = cache.lookup(link.key, isLeasing: true) else {
      return XCTFail("something is known")
    }
    cache.remember(.absent, of: link.key, under: lease)
    XCTAssertEqual(cache.lookup(link.key, isLeasing: true), .missing)
    XCTAssertTrue((29...30).contains(try lifetime(redis)))
    cache.remember(link)
    XCTAssertEqual(cache.lookup(link.key, isLeasing: true), hit)
    XCTAssertTrue((86_390...86_400).contains(try lifetime(redis)))
    cache.remember(.gone, of: link.key, under: cache.lease(link.key))
    XCTAssertEqual(cache.lookup(link.key, isLeasing: true), .gone)
    XCTAssertTrue((86_390...86_400).contains(try lifetime(redis)))
  }

  func testRedisIsToldOfSeveralNewLinksInOneRoundTripButNotOfTooMany() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis)
    let (cache, other) = (try scene.cache(), try scene.cache())
    let links = (1...17).map { number in
      Link(id: SnowflakeID(rawValue: Int64(number)), destination: link.destination)
    }
    let leases = cache.lease(links.map(\.key))
    for (link, lease) in zip(links, leases).prefix(15) {
      cache.remember(LinkRecord(link), of: link.key, under: lease)
      cache.flushUnless(true)
      XCTAssertTrue(other.isUnknown(link.key))
    }
    cache.remember(LinkRecord(links[15]), of: links[15].key, under: leases[15])
    cache.flushUnless(true)
    for link in links.prefix(16) { XCTAssertEqual(other.lookup(link.key, isLeasing: false), hit) }

    cache.remember(LinkRecord(links[16]), of: links[16].key, under: leases[16])
    cache.flushUnless(true)
    XCTAssertTrue(other.isUnknown(links[16].key))
    cache.flushUnless(false)
    XCTAssertEqual(other.lookup(links[16].key, isLeasing: false), hit)
  }

  /// A Redis that is full refuses the lease of a creation.
  func testALinkThatIsMadeWithoutALeaseIsNotHiddenByAnOlderMiss() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    let key = "short_url:\(link.slug)"
    try redis.command("SET", key, "")
    cache.rememberMade([(link, cache.lease(link.key))])
    cache.flush()
    XCTAssertEqual(try redis.command("GET", key), "\(link.destination)\n")
    XCTAssertFalse(try redis.command("INFO", "commandstats").contains("cmdstat_del:"))

    try redis.command("SET", key, "")
    try redis.command("CONFIG", "SET", "maxmemory", "1")
    cache.rememberMade([(link, cache.lease(link.key))])
    XCTAssertEqual(try redis.command("EXISTS", key), "0\n")
  }

  func testWhatWasFoundAMomentAgoNeedsNoRedis() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis, ["HOT_CACHE_MS": "60000"])
    let (cache, other) = (try scene.cache(), try scene.cache())
    cache.remember(link)
    cache.flush()
    XCTAssertEqual(other.lookup(link.key, isLeasing: false), hit)
    redis.kill()
    for cache in [cache, other] {
      XCTAssertTrue(
        scene.holdsWhileBeating { cache.lookup(link.key, isLeasing: false) == hit })
    }
    scene.writer.bump([link.key.name.utf8])
    XCTAssertTrue(cache.isUnknown(link.key))
  }

  /// Redis has nothing of a link that was changed a moment ago.
  func testWhatAChangeHasEndedIsTheLastRecordOnlyWhileRedisIsSilent() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis, ["HOT_CACHE_MS": "60000"])
    let cache = try scene.cache()
    func last() -> LinkRecord? {
      guard case .unknown(let lease) = cache.lookup(link.key, isLeasing: false) else { return nil }
      return cache.lastRecord(link.key, under: lease)
    }
    cache.remember(link)
    cache.flush()
    try redis.command("DEL", "short_url:\(link.slug)")
    scene.writer.bump([link.key.name.utf8])
    XCTAssertTrue(cache.isUnknown(link.key))
    XCTAssertNil(last())
    redis.kill()
    XCTAssertTrue(
      eventually(seconds: 10) { last() == .plain(PlainLink(link.destination)) })
  }

  /// Redis has forgotten the link by itself.
  func testWhatNoChangeHasEndedIsTheLastRecordAfterItsLifetime() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis, ["HOT_CACHE_MS": "1"])
    let cache = try scene.cache()
    cache.remember(link)
    cache.flush()
    try redis.command("DEL", "short_url:\(link.slug)")
    XCTAssertTrue(
      scene.holdsWhileBeating {
        guard case .unknown(let lease) = cache.lookup(link.key, isLeasing: false) else {
          return false
        }
        return cache.lastRecord(link.key, under: lease) == .plain(PlainLink(link.destination))
      })
  }

  func testALinkThatIsNamedByItsIDIsAPlainURLAndAnotherOneHasItsID() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    let slug = try XCTUnwrap(Slug("summer-sale"))
    let named = Link(
      id: link.id, key: LinkKey(slug), destination: link.destination, createdAt: 0)
    let elsewhere = Link(
      id: link.id, key: LinkKey(slug, domain: "other.example"), destination: link.destination,
      createdAt: 0)
    for link in [link, named, elsewhere] { cache.remember(link) }
    cache.flush()
    for (key, value) in [
      ("short_url:\(link.slug)", "http://e.org/?a=b%20"),
      ("short_url:summer-sale", "=4711 http://e.org/?a=b%20"),
      ("short_url@other.example:summer-sale", "=4711 http://e.org/?a=b%20"),
    ] {
      XCTAssertEqual(try redis.value(key), .bulk(Array(value.utf8)), key)
    }
    XCTAssertEqual(cache.lookup(link.key, isLeasing: true), hit)
    XCTAssertEqual(
      cache.lookup(named.key, isLeasing: true), .hit(PlainLink(link.destination, id: link.id)))
    XCTAssertTrue(cache.isUnknown(LinkKey(slug, domain: "third.example")))
  }

  /// A redirect worker never asks PostgreSQL.
  func testALookupWithoutALeaseLeavesNothingInRedis() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    guard case .unknown(let lease) = cache.lookup(link.key, isLeasing: false) else {
      return XCTFail("something is known")
    }
    cache.remember(LinkRecord(link), of: link.key, under: lease)
    cache.flush()
    XCTAssertEqual(try redis.command("DBSIZE"), "0\n")
  }

  func testADeadRedisIsUnknownHardlyAskedAndComesBackByItself() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis, ["REDIS_TIMEOUT_MS": "50"]).cache()
    func isBack() -> Bool {
      cache.remember(link)
      return cache.lookup(link.key, isLeasing: true) == hit
    }
    XCTAssertTrue(eventually(seconds: 10, isBack))
    redis.kill()
    let engine = try AbsentEngine(at: redis.socket)
    for _ in 0..<2000 { XCTAssertTrue(cache.isUnknown(link.key)) }
    let (tries, most) = engine.tries(pausing: 100)
    XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
    XCTAssertThrowsError(try cache.ping())
    engine.stop()
    try redis.start()
    XCTAssertTrue(eventually(seconds: 10, isBack))
  }

  func testASilentRedisIsWaitedForNowAndThenOnly() throws {
    let redis = try PrivateRedis()
    let engine = try AbsentEngine(name: "s", before: redis.socket)
    let cache = try CacheScene(
      redis, ["REDIS_URL": "unix://\(engine.path)", "REDIS_TIMEOUT_MS": "50"]
    ).cache()
    XCTAssertTrue(eventually(seconds: 10) { (try? cache.ping()) != nil })
    engine.isSilent = true
    for _ in 0..<2000 { XCTAssertTrue(cache.isUnknown(link.key)) }
    let (tries, most) = engine.tries(pausing: 100)
    XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
    engine.isSilent = false
    XCTAssertTrue(eventually(seconds: 10) { (try? cache.ping()) != nil })
  }

  private func lifetime(_ redis: PrivateRedis) throws -> Int {
    Int(try redis.command("TTL", "short_url:\(link.slug)").dropLast()) ?? 0
  }
}
