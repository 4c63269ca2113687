import EngineSupport
import Foundation
import Glibc
import Links
import Lookup
import Redis
import Service
import Sessions
import TestSupport
import XCTest

/// What PostgreSQL said before a change never gets into the cache after it.
final class CacheLeaseTests: XCTestCase {
  private let old = Link(
    id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "http://old.example/"))
  private var key: LinkKey { old.key }
  private var word: String { "short_url:\(old.slug)" }
  private let new = "http://new.example/"
  private var newHit: CacheLookup { .hit(PlainLink(DestinationURL(unchecked: new))) }

  override func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// The lease of a look-up that finds nothing.
  private func lease(_ cache: LinkCache) throws -> CacheLease {
    guard case .unknown(let lease) = cache.lookup(key, isLeasing: true) else {
      throw Known()
    }
    return lease
  }

  private struct Known: Error {}

  private func text(_ redis: PrivateRedis) throws -> String? { try redis.value(word).text }

  func testALookUpLeavesATokenOfSixteenDigitsForTenSecondsThatSaysNothing() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis)
    let (cache, other) = (try scene.cache(), try scene.cache())
    _ = try lease(cache)
    XCTAssertNotNil(try text(redis)?.wholeMatch(of: /\?[0-9a-f]{16}/))
    let lifetime = try XCTUnwrap(Int(redis.command("PTTL", word).dropLast()))
    XCTAssertTrue((1...10_000).contains(lifetime), "\(lifetime)")
    XCTAssertTrue(other.isUnknown(key))
    let token = try text(redis)
    try redis.command("DEL", word)
    _ = try lease(cache)
    XCTAssertNotEqual(try text(redis), token)
  }

  /// A look-up worker that was stopped between its read and its write.
  func testAnAnswerFromBeforeAnAnnouncementIsNotWrittenAfterIt() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    for record in [LinkRecord(old), .absent, .gone] {
      let lease = try lease(cache)
      try redis.command("DEL", word)
      cache.remember(record, of: key, under: lease)
      cache.flush()
      XCTAssertEqual(try redis.value(word), .null, "\(record)")
    }
  }

  func testAnAnswerFromBeforeAChangeDoesNotReplaceOneFromAfterIt() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis)
    let (late, other) = (try scene.cache(), try scene.cache())
    let lease = try lease(late)
    try redis.command("DEL", word)
    let second = try self.lease(other)
    // It asks PostgreSQL, too, when the late one comes.
    late.remember(LinkRecord(old), of: key, under: lease)
    late.flush()
    let record = try XCTUnwrap(LinkRecord(Array(new.utf8)))
    other.remember(record, of: key, under: second)
    other.flush()
    late.remember(LinkRecord(old), of: key, under: lease)
    late.flush()
    XCTAssertEqual(try text(redis), new)
    XCTAssertEqual(late.lookup(key, isLeasing: true), newHit)
  }

  func testATokenThatHasEndedLetsNothingIn() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    let lease = try lease(cache)
    try redis.command("PEXPIRE", word, "1")
    XCTAssertTrue(try eventually(seconds: 10) { try redis.value(word) == .null })
    cache.remember(LinkRecord(old), of: key, under: lease)
    cache.flush()
    XCTAssertEqual(try redis.value(word), .null)
  }

  /// The token's owner may be dead, or about to store the link that the look-up didn't find.
  func testUnderAnotherOnesTokenALinkIsWrittenWhileItStandsAndThatThereIsNoneIsNot() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis)
    let (owner, other) = (try scene.cache(), try scene.cache())
    let first = try lease(owner)
    let token = try text(redis)
    other.remember(.absent, of: key, under: try lease(other))
    other.flush()
    XCTAssertEqual(try text(redis), token)
    let second = try lease(other)
    other.remember(.gone, of: key, under: second)
    other.flush()
    XCTAssertEqual(try text(redis), "!")
    owner.remember(LinkRecord(old), of: key, under: first)
    owner.flush()
    XCTAssertEqual(try text(redis), "!")
    try redis.command("DEL", word)
    other.remember(LinkRecord(old), of: key, under: second)
    other.flush()
    XCTAssertEqual(try redis.value(word), .null)
  }

  /// It may be a record of a later release, or come again when a change has ended it.
  func testAValueThatIsNotReadIsNeverReplaced() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    let unread = try ExampleTable.lines("Tests/Examples/link-records.tsv")
      .filter { $0[1] == "unread" }.map { ExampleTable.bytes($0[0]) }
    XCTAssertTrue(unread.contains([1]))
    for value in unread + [Array(repeating: 1, count: 20_000)] {
      let set = try Redis.Connection(
        Address(parsing: redis.url), connectTimeoutMilliseconds: 10_000,
        timeoutMilliseconds: 10_000)
      _ = try set.command(["SET", .text(word), .bytes(value)], timeoutMilliseconds: 10_000)
      for record in [LinkRecord(old), .absent, .gone] {
        cache.remember(record, of: key, under: try lease(cache))
        cache.flush()
        XCTAssertEqual(try redis.value(word), .bulk(value), "\(record)")
      }
    }
  }

  func testACreationEndsWhatSaidThatThereIsNoSuchLink() throws {
    let redis = try PrivateRedis()
    let scene = try CacheScene(redis)
    let (creator, lookup) = (try scene.cache(), try scene.cache())
    let before = try lease(lookup)
    lookup.remember(.absent, of: key, under: before)
    XCTAssertEqual(lookup.lookup(key, isLeasing: true), .missing)
    let lease = creator.lease(key)
    // A look-up that began before the creation, and one that comes amid it.
    lookup.remember(.absent, of: key, under: before)
    lookup.remember(.absent, of: key, under: try self.lease(lookup))
    lookup.flush()
    XCTAssertTrue(lookup.isUnknown(key))
    creator.remember(LinkRecord(old), of: key, under: lease)
    creator.flush()
    XCTAssertEqual(
      lookup.lookup(key, isLeasing: true), .hit(PlainLink(old.destination)))
  }

  /// The creator's write comes late, after an edit of the link.
  func testAnEditRightAfterACreationIsNotUndoneByTheCreator() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    let lease = cache.lease(key)
    cache.remember(LinkRecord(old), of: key, under: lease)
    try redis.command("DEL", word)
    cache.flush()
    XCTAssertEqual(try redis.value(word), .null)
  }

  func testARedisThatTakesNoWritesIsReadAllTheSame() throws {
    let redis = try PrivateRedis()
    let cache = try CacheScene(redis).cache()
    try redis.command("SET", word, new)
    let other = LinkKey(try XCTUnwrap(Slug("other")))
    try redis.command("CONFIG", "SET", "min-replicas-to-write", "1")
    XCTAssertEqual(cache.lookup(key, isLeasing: true), newHit)
    guard case .unknown(let lease) = cache.lookup(other, isLeasing: true) else {
      return XCTFail("something is known")
    }
    cache.remember(LinkRecord(old), of: other, under: lease)
    cache.remember(LinkRecord(old), of: other, under: cache.lease(other))
    cache.flush()
    try redis.command("CONFIG", "SET", "min-replicas-to-write", "0")
    XCTAssertEqual(try redis.value("short_url:other"), .null)
    XCTAssertEqual(cache.lookup(key, isLeasing: true), newHit)
  }

  /// The server did what was asked, and the connection was lost with its answer.
  func testATokenWhoseAnswerWasLostIsStillItsOwn() throws {
    let redis = try PrivateRedis()
    let directory = try ScratchDirectory("proxy")
    let proxy = try FaultProxy(at: directory("s"), to: redis.socket)
    defer { proxy.stop() }
    let cache = try CacheScene(
      redis, ["REDIS_URL": "unix://\(directory("s"))", "REDIS_TIMEOUT_MS": "30000"]
    ).cache()
    XCTAssertTrue(eventually(seconds: 10) { (try? cache.ping()) != nil })
    proxy.mode = .loseAnswers
    Thread.detachNewThread {
      _ = eventually(seconds: 25) { proxy.harm > 0 }
      proxy.mode = .pass
      proxy.cut()
    }
    let lease = try lease(cache)
    cache.remember(.absent, of: key, under: lease)
    cache.flush()
    XCTAssertEqual(try text(redis), "")
  }
}
