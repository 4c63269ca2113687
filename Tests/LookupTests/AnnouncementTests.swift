import EngineSupport
import Foundation
import Links
import Lookup
import Redis
import Service
import Sessions
import TestSupport
import XCTest

/// What Redis is told of a change: all of it, or nothing.
final class AnnouncementTests: XCTestCase {
  override func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  private func key(_ slug: String, domain: String = "") throws -> LinkKey {
    LinkKey(try XCTUnwrap(Slug(slug)), domain: domain)
  }

  private func session(
    _ redis: PrivateRedis, credentials: String = "", database: Int = 0
  ) throws -> RedisSession {
    let url = "unix://\(credentials)\(redis.socket)?db=\(database)"
    let settings = try Settings(Variables(["REDIS_URL": url, "REDIS_TIMEOUT_MS": "10000"]))
    return try RedisSession(settings, log: .quiet)
  }

  /// What redis-cli writes of the channels that it listens to.
  private final class Listener {
    private let directory: ScratchDirectory
    private let process: ChildProcess

    init(_ redis: PrivateRedis, _ channels: String...) throws {
      directory = try ScratchDirectory("listener")
      process = try ChildProcess(
        "/usr/bin/redis-cli", ["-s", redis.socket, "SUBSCRIBE"] + channels,
        output: directory("log"))
      _ = hears("subscribe", count: channels.count)
    }

    /// Whether it comes to have a line, so many times.
    func hears(_ line: String, count: Int = 1) -> Bool {
      eventually(seconds: 20) { lines.count { $0 == line } >= count }
    }

    var lines: [Substring] {
      let text = try? String(contentsOfFile: directory("log"), encoding: .utf8)
      return (text ?? "").split(separator: "\n")
    }
  }

  func testRedisForgetsTheLinksAndTheirNamesArePublishedToThoseOfItsDatabase() throws {
    let redis = try PrivateRedis()
    let keys = [try key("abc"), try key("a.b-"), try key("abc", domain: "other.example")]
    let words = ["short_url:abc", "short_url:a.b-", "short_url@other.example:abc"]
    for word in words + ["short_url:kept"] {
      try redis.command("-n", "3", "SET", word, "http://e.org/")
      try redis.command("SET", word, "http://e.org/")
    }
    let listener = try Listener(redis, "short_url_changes:3", "short_url_changes:0")
    try Announcement.announce(keys, try session(redis, database: 3))
    XCTAssertTrue(listener.hears("other.example:abc"))
    XCTAssertEqual(
      listener.lines.suffix(5),
      ["message", "short_url_changes:3", "abc", "a.b-", "other.example:abc"])
    XCTAssertEqual(try redis.command("-n", "3", "KEYS", "*"), "short_url:kept\n")
    XCTAssertEqual(try redis.command("DBSIZE"), "4\n", "another database is another installation's")
  }

  func testAnyNumberOfLinksIsAnnouncedAndNoneCostsNothing() throws {
    let redis = try PrivateRedis()
    let keys = try (0..<1300).map { try key("c\($0)") }
    for key in keys.prefix(3) + keys.suffix(3) {
      try redis.command("SET", "short_url:\(key.slug)", "http://e.org/")
    }
    let listener = try Listener(redis, "short_url_changes:0")
    let session = try session(redis)
    try Announcement.announce([], session)
    XCTAssertNil(session.standing, "Redis was not asked")
    try Announcement.announce(keys, session)
    XCTAssertTrue(listener.hears("c1299"))
    XCTAssertEqual(listener.lines.count { $0 == "message" }, 3, "512 names at most in one")
    XCTAssertEqual(Set(listener.lines).intersection(keys.map { $0.name[...] }).count, 1300)
    XCTAssertEqual(try redis.command("DBSIZE"), "0\n")
  }

  func testARefusedPartIsAnErrorAndThenNothingIsDone() throws {
    let redis = try PrivateRedis()
    let key = try key("abc")
    try redis.command("SET", "short_url:abc", "http://e.org/")
    for (user, rights) in [
      ("mute", "+@all -publish"), ("sparing", "+@all -del"), ("plain", "+@all -exec"),
    ] {
      try redis.command(
        ["ACL", "SETUSER", user, "on", ">secret", "~*", "&*"]
          + rights.split(separator: " ").map(String.init))
      let session = try session(redis, credentials: "\(user):secret@")
      let error = try assertThrows(StoreError.self) { try Announcement.announce([key], session) }
      XCTAssertEqual(error.kind, .unavailable)
      XCTAssertTrue(error.detail.contains("NOPERM"), error.detail)
      XCTAssertEqual(try redis.command("EXISTS", "short_url:abc"), "1\n", user)
    }
  }

  func testAReplicaThatTakesNoWritesIsAnErrorAndTheSessionServesOn() throws {
    let redis = try PrivateRedis()
    let session = try session(redis)
    try redis.command("REPLICAOF", "127.0.0.1", "1")
    let key = try key("abc")
    let error = try assertThrows(StoreError.self) { try Announcement.announce([key], session) }
    XCTAssertTrue(error.detail.hasPrefix("READONLY"), error.detail)
    try redis.command("REPLICAOF", "NO", "ONE")
    // Else the next commands would only be queued.
    try Announcement.announce([key], session)
    XCTAssertEqual(try session.ask(["ECHO", "x"], during: "look"), .bulk(Array("x".utf8)))
  }

  func testAFrozenOrDeadRedisIsAnErrorAndOneThatIsBackIsTold() throws {
    let redis = try PrivateRedis()
    let key = try key("abc")
    let settings = try Settings(Variables(["REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "300"]))
    let session = try RedisSession(settings, log: .quiet)
    redis.freeze()
    _ = try assertThrows(StoreError.self) { try Announcement.announce([key], session) }
    redis.thaw()
    redis.kill()
    _ = try assertThrows(StoreError.self) { try Announcement.announce([key], session) }
    try redis.start()
    XCTAssertTrue(
      eventually(seconds: 20) { (try? Announcement.announce([key], session)) != nil })
  }
}
