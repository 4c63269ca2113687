import EngineSupport
import Foundation
import Postgres
import TestSupport
import XCTest

/// Whose links a host has: its own domain's, and the default domain's where it has none of a name.
final class DomainProcessTests: XCTestCase {
  private func pool(
    _ redis: PrivateRedis, role: String = "redirects", _ variables: [String: String] = [:]
  ) throws -> WorkerPool {
    let defaults = [
      "SHORTENER_ROLE": role, "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
      "PG_READ_TIMEOUT_MS": "10000", "HOT_CACHE_MS": "60000",
    ]
    return try WorkerPool("shortener", defaults.merging(variables) { _, own in own })
  }

  private func answer(_ pool: WorkerPool, _ target: String, host: String?) throws -> String {
    try pool.ask(target, host.map { [("DOMAIN", $0)] } ?? [])
  }

  private func assertLeads(
    _ pool: WorkerPool, _ target: String, host: String?, to path: String, line: UInt = #line
  ) throws {
    let answer = try answer(pool, target, host: host)
    XCTAssertTrue(
      answer.contains("\r\nLocation: https://example.com/\(path)\r\n"), "\(answer)", line: line)
  }

  private func plant(_ records: [String: String], _ redis: PrivateRedis) throws {
    for (name, record) in records { try redis.command("SET", name, record) }
  }

  private let list = #"[["",0,null,null,null],["sho.rt",16,null,null,null]]"#

  func testADomainHasItsOwnLinksAndTheDefaultOnesOtherwise() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    try plant(
      [
        "short_url::domains": list, "short_url:sale": "=1 https://example.com/default",
        "short_url@sho.rt:sale": "=2@16 https://example.com/own",
        "short_url:only": "=3 https://example.com/only", "short_url@sho.rt:only": "",
        "short_url@sho.rt:gone": "!", "short_url:gone": "=4 https://example.com/gone",
        "short_url@sho.rt:own": "=5@16 https://example.com/5", "short_url:own": "",
      ], redis)
    try assertLeads(pool, "/sale", host: nil, to: "default")
    try assertLeads(pool, "/sale", host: "sho.rt", to: "own")
    try assertLeads(pool, "/only", host: "sho.rt", to: "only")
    XCTAssertTrue(try answer(pool, "/gone", host: "sho.rt").hasPrefix("Status: 410 "))
    try assertLeads(pool, "/own", host: "sho.rt", to: "5")
    XCTAssertTrue(try answer(pool, "/own", host: nil).hasPrefix("Status: 404 "))
    // Whether the domain has a name is asked before the default one's is used.
    XCTAssertTrue(try answer(pool, "/other", host: "sho.rt").hasPrefix("Status: 530 "))
    let domains = try pool.clicks().map { $0.contains(#""domain":16"#) }
    XCTAssertEqual(domains, [false, true, false, true])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  /// It may make up as many hosts as it likes.
  func testAHostThatIsNoDomainCostsNoLookUp() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let page = try GenerationPage(in: pool.directory.make("state"))
    let worker = try pool.start()
    try plant(
      ["short_url::domains": list, "short_url:sale": "=1 https://example.com/default"], redis)
    try assertLeads(pool, "/sale", host: "evil.example", to: "default")
    redis.kill()
    for host in ["e1.example", "e2.example", "[::1]", "192.0.2.1", "", ":domains", "\u{FC}", "a b"]
    {
      // A machine that stops for longer than a beat is fresh gets another look.
      XCTAssertTrue(
        try eventually(seconds: 30) {
          page.beat()
          return try answer(pool, "/sale", host: host)
            .contains("\r\nLocation: https://example.com/default\r\n")
        }, host)
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testALookUpWorkerReadsTheDomainsAndEachChangeOfOneIsInTheOutbox() throws {
    let (redis, database) = (try PrivateRedis(), try ScratchPostgres())
    let admin = try database.admin()
    func execute(_ script: String) throws {
      try admin.executeScript(unsafe: script, "test", timeoutMilliseconds: 60_000)
    }
    try execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, domain) VALUES
        (1, 'sale', 'https://example.com/default', now(), ''),
        (2, 'sale', 'https://example.com/own', now(), 'sho.rt')
      """)
    let pool = try pool(redis, role: "lookups", ["PG_DSN": database.dsn])
    let page = try GenerationPage(in: pool.directory.make("state"))
    let worker = try pool.start()
    try assertLeads(pool, "/sale", host: "sho.rt", to: "default")
    try execute("INSERT INTO domains (number, authority) VALUES (16, 'sho.rt')")
    let rows = try admin.executeOnce(
      "SELECT domain FROM outbox WHERE slug = '' AND due_at <= now()", "look",
      timeoutMilliseconds: 60_000)
    XCTAssertEqual(try rows.map { row throws(PostgresError) in try row.text() }, ["sho.rt"])
    // As the dispatcher announces it.
    try redis.command("DEL", "short_url::domains")
    page.bump(":domains")
    try assertLeads(pool, "/sale", host: "sho.rt", to: "own")
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try redis.command("GET", "short_url::domains").contains(#"["sho.rt",16,null,null,null]"#)
      })
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testWithoutTheListOfDomainsNoLinkIsTakenForAHosts() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    try plant(["short_url:sale": "=1 https://example.com/default"], redis)
    XCTAssertTrue(try answer(pool, "/sale", host: "sho.rt").hasPrefix("Status: 530 "))
    let last = try pool.ask("/sale", [("DOMAIN", "sho.rt"), ("LAST_RESORT", "1")])
    XCTAssertTrue(last.hasPrefix("Status: 503 "), last)
    try assertLeads(pool, "/sale", host: nil, to: "default")
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
