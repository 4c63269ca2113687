import Foundation
import TestSupport
import XCTest

/// What a worker makes of a link that changes: by the page of generations, by Redis, and in between.
final class ChangeProcessTests: XCTestCase {
  private let old = "https://example.com/old"
  private let new = "https://example.com/new"

  private func pool(
    _ role: String, _ redis: PrivateRedis, _ variables: [String: String] = [:]
  ) throws -> WorkerPool {
    let defaults = [
      "SHORTENER_ROLE": role, "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
      "HOT_CACHE_MS": "60000",
    ]
    return try WorkerPool("shortener", defaults.merging(variables) { _, own in own })
  }

  private func leads(_ answer: String, to url: String) -> Bool {
    answer.contains("\r\nLocation: \(url)\r\n")
  }

  func testARememberedLinkIsTakenWhileThePageBeatsAndNoLongerOnceItIsCounted() throws {
    let redis = try PrivateRedis()
    let pool = try pool("redirects", redis)
    let page = try GenerationPage(in: pool.directory.make("state"))
    let worker = try pool.start()
    for code in ["one", "two"] {
      try redis.command("SET", "short_url:\(code)", old)
      XCTAssertTrue(leads(try pool.ask("/\(code)"), to: old))
    }
    redis.kill()
    // A machine that stops for longer than a beat is fresh gets another look.
    func isKnown(_ code: String) throws -> Bool {
      try eventually(seconds: 30) {
        page.beat()
        return leads(try pool.ask("/\(code)"), to: old)
      }
    }
    XCTAssertTrue(try isKnown("one"))
    page.bump("one")
    page.beat()
    XCTAssertTrue(try pool.ask("/one").hasPrefix("Status: 530 "))
    XCTAssertTrue(try isKnown("two"))
    XCTAssertNil(worker.wait(seconds: 0))
  }

  /// The invalidator is dead, deaf or frozen.
  func testWithoutABeatAChangeIsSeenAllTheSame() throws {
    let redis = try PrivateRedis()
    let pool = try pool("redirects", redis)
    _ = try GenerationPage(in: pool.directory.make("state"))
    let worker = try pool.start()
    // A visit without a link needs the domains.
    try redis.command("SET", "short_url::domains", "[]")
    for (value, status) in [(old, "301"), (new, "301"), ("!", "410"), ("", "404"), (new, "301")] {
      try redis.command("SET", "short_url:one", value)
      XCTAssertTrue(
        try eventually(seconds: 30) {
          let answer = try pool.ask("/one")
          return answer.hasPrefix("Status: \(status) ")
            && (status != "301" || leads(answer, to: value))
        }, value)
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testALinkThatIsGoneIsAnsweredWith410AndNotCounted() throws {
    let redis = try PrivateRedis()
    let pool = try pool("redirects", redis)
    let worker = try pool.start()
    // A visit without a link needs the domains.
    try redis.command("SET", "short_url::domains", "[]")
    try redis.command("SET", "short_url:one", "!")
    try redis.command("SET", "short_url:one.", "!")
    for target in ["/one", "/one.", "/one/", "/one?x=y"] {
      let answer = try pool.ask(target)
      XCTAssertTrue(answer.hasPrefix("Status: 410 Gone\r\n"), answer)
      XCTAssertTrue(answer.contains("\r\nContent-Type: application/problem+json\r\n"), answer)
      XCTAssertTrue(answer.contains("\r\nCache-Control: no-store\r\n"), answer)
      XCTAssertTrue(answer.contains(#""type":"urn:problem-type:swiftlet:gone""#), answer)
    }
    // A slug of its own is not taken for the one without what follows it.
    try redis.command("SET", "short_url:two", old)
    try redis.command("SET", "short_url:two.", "!")
    XCTAssertTrue(try pool.ask("/two.").hasPrefix("Status: 410 "))
    XCTAssertTrue(leads(try pool.ask("/two"), to: old))
    XCTAssertEqual(try pool.clicks().count, 1)
    XCTAssertNil(worker.wait(seconds: 0))
  }

  /// As it is when a worker is stopped, or its connection to Redis hangs, for longer than an edit takes.
  func testALookUpWorkerThatIsHeldBetweenItsReadAndItsWriteBringsNoOldLinkBack() throws {
    let redis = try PrivateRedis()
    let directory = try ScratchDirectory("held")
    let toRedis = try FaultProxy(at: directory("redis"), to: redis.socket)
    let toPostgres = try FaultProxy(
      at: directory(".s.PGSQL.5432"),
      to: TestStack.value("SWIFTLET_RUN") + "/postgres/.s.PGSQL.5432")
    defer { for proxy in [toRedis, toPostgres] { proxy.stop() } }
    let pool = try pool(
      "lookups", redis,
      [
        "REDIS_URL": "unix://\(directory("redis"))", "REDIS_TIMEOUT_MS": "60000",
        "PG_DSN": PostgresDSN.with("host", directory.path), "PG_READ_TIMEOUT_MS": "60000",
        "HOT_CACHE_MS": "0",
      ])
    let worker = try pool.start()
    let code = "held" + UUID().uuidString.prefix(8)
    try insert(code)
    let word = "short_url:\(code)"
    // Both connections are open by then, and what is asked is prepared.
    XCTAssertTrue(leads(try pool.ask("/\(code)"), to: old))
    XCTAssertTrue(try eventually(seconds: 30) { try redis.command("GET", word) == old + "\n" })
    try redis.command("DEL", word)

    toPostgres.mode = .drop
    XCTAssertTrue(eventually(seconds: 30) { toPostgres.harm > 0 })
    let connection = try FastCGIClient.connection(to: pool.socket)
    try FastCGIClient.send(on: connection, parameters: WorkerPool.parameters("/\(code)"))
    XCTAssertTrue(try eventually(seconds: 30) { try redis.command("GET", word).hasPrefix("?") })
    toRedis.mode = .drop
    XCTAssertTrue(eventually(seconds: 30) { toRedis.harm > 0 })
    toPostgres.mode = .pass
    XCTAssertTrue(leads(try FastCGIClient.answer(on: connection), to: old))

    // The link is edited and announced while the worker waits for Redis to take its answer.
    try sql("UPDATE short_urls SET original_url = '\(new)' WHERE short_code = '\(code)'")
    XCTAssertTrue(try redis.command("GET", word).hasPrefix("?"))
    try redis.command("DEL", word)
    toRedis.mode = .pass
    XCTAssertTrue(leads(try pool.ask("/\(code)"), to: new))
    XCTAssertTrue(try eventually(seconds: 30) { try redis.command("GET", word) == new + "\n" })
    XCTAssertNil(worker.wait(seconds: 0))
  }

  private func insert(_ code: String) throws {
    try sql(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
      VALUES (-\(UInt32.random(in: 1...(.max))), '\(code)', '\(old)', now())
      """)
  }

  private func sql(_ statement: String) throws {
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, TestStack.value("PG_DSN")])
  }
}
