import TestSupport
import XCTest

/// What a redirect worker makes of a name and of the record that Redis has of it, with no PostgreSQL.
final class NameProcessTests: XCTestCase {
  private func pool(_ redis: PrivateRedis, role: String = "redirects") throws -> WorkerPool {
    try WorkerPool(
      "shortener",
      ["SHORTENER_ROLE": role, "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000"])
  }

  private func plant(_ name: String, _ record: String, _ redis: PrivateRedis) throws {
    try Command.check("/usr/bin/redis-cli", ["-s", redis.socket, "SET", name, record])
  }

  private func assertLeads(
    _ target: String, to url: String, _ pool: WorkerPool, line: UInt = #line
  ) throws {
    let answer = try pool.ask(target)
    XCTAssertTrue(answer.contains("\r\nLocation: \(url)\r\n"), "\(target): \(answer)", line: line)
  }

  /// The lines of all journals, without what differs from click to click.
  private func clicks(_ pool: WorkerPool) throws -> [String] {
    try pool.clicks().map { line in
      line.replacing(/"event_id":"0{32}",/, with: "")
        .replacing(/"timestamp":"[^"]+",/, with: "")
    }
  }

  func testAClickHasItsLinksIDWhenItsSlugDoesNotTellIt() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    try plant("short_url:1LDUVEdRXYk", "https://example.com/own", redis)
    try plant("short_url:summer-sale", "=4711 https://example.com/sale", redis)
    try plant("short_url:abc", "=9223372036854775807 https://example.com/abc", redis)
    for turn in 0..<2 {  // From Redis, then from the worker's memory.
      try assertLeads("/1LDUVEdRXYk", to: "https://example.com/own", pool)
      try assertLeads("/summer-sale", to: "https://example.com/sale", pool)
      try assertLeads("/summer%2Dsale?x=y", to: "https://example.com/sale", pool)
      try assertLeads("/abc", to: "https://example.com/abc", pool)
      func line(_ slug: String, _ end: String) -> String {
        #"{"short_code":"\#(slug)","ip_address":"192.0.2.1","user_agent":"","referrer":""\#(end)}"#
      }
      XCTAssertEqual(
        try clicks(pool).suffix(4),
        [
          line("1LDUVEdRXYk", ""), line("summer-sale", #","link":"4711""#),
          line("summer-sale", #","link":"4711""#),
          line("abc", #","link":"9223372036854775807""#),
        ], "\(turn)")
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testANameIsLookedUpAsWrittenFirstAndThenWithoutWhatFollowsALink() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    try plant("short_url:both", "https://example.com/both", redis)
    try plant("short_url:both-", "=1 https://example.com/dash", redis)
    try plant("short_url:one", "https://example.com/one", redis)
    try plant("short_url:one.", "", redis)
    try plant("short_url:none", "", redis)
    try plant("short_url:none.", "", redis)
    try plant("short_url::domains", "[]", redis)
    try assertLeads("/both", to: "https://example.com/both", pool)
    try assertLeads("/both-", to: "https://example.com/dash", pool)
    try assertLeads("/both%2d", to: "https://example.com/dash", pool)
    try assertLeads("/both).", to: "https://example.com/both", pool)
    try assertLeads("/both...", to: "https://example.com/both", pool)
    try assertLeads("/one.", to: "https://example.com/one", pool)
    XCTAssertTrue(try pool.ask("/none.").hasPrefix("Status: 404"))
    // Redis doesn't know whether there is a link of the name as written: a look-up worker must say.
    XCTAssertTrue(try pool.ask("/one~").hasPrefix("Status: 530"))
    XCTAssertTrue(try XCTUnwrap(clicks(pool).last).hasPrefix(#"{"short_code":"one","#))
    XCTAssertEqual(try clicks(pool).filter { $0.contains(#""short_code":"both-""#) }.count, 2)
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testALookUpWorkerWithoutPostgreSQLTakesTheLinkThatItKnowsForOneWithAFullStop() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis, role: "lookups")
    let worker = try pool.start()
    try plant("short_url:warm", "https://example.com/warm", redis)
    try assertLeads("/warm.", to: "https://example.com/warm", pool)
    XCTAssertTrue(try pool.ask("/cold.").hasPrefix("Status: 503"))
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testANameCostsTwoLookUpsAtMostWhateverFollows() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    for name in ["x", "x.", "x-"] { try plant("short_url:" + name, "", redis) }
    // A visit without a link needs the domains, once.
    try plant("short_url::domains", "[]", redis)
    XCTAssertTrue(try pool.ask("/").hasPrefix("Status: 404"))
    func asked() throws -> Int {
      let text = try Command.check(
        "/usr/bin/redis-cli", ["-s", redis.socket, "INFO", "commandstats"])
      return text.firstMatch(of: /cmdstat_get:calls=(\d+)/).flatMap { Int($0.1) } ?? 0
    }
    for (target, lookups) in [
      ("/x.", 2), ("/x-)~.", 0), ("/x-", 1), ("/" + "x" + String(repeating: ".", count: 5000), 0),
    ] {
      let before = try asked()
      XCTAssertTrue(try pool.ask(target).hasPrefix("Status: 404"), target)
      // What was looked up is remembered: only the first request asks for "x".
      XCTAssertEqual(try asked() - before, lookups, target)
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
