import Clicks
import EngineSupport
import Foundation
import TestSupport
import XCTest

/// Visits without a link in a worker's journal: a sample of them, and all of them in number.
final class OrphanProcessTests: XCTestCase {
  private func pool(
    _ redis: PrivateRedis, _ variables: [String: String] = [:]
  ) throws -> WorkerPool {
    let list = #"[["",0,null,null,null],["sho.rt",16,null,null,null]]"#
    for (name, record) in [
      ("short_url::domains", list), ("short_url:none", ""), ("short_url@sho.rt:none", ""),
      ("short_url@sho.rt:gone", "!"), ("short_url:sale", "https://example.com/"),
    ] { try redis.command("SET", name, record) }
    let defaults = [
      "SHORTENER_ROLE": "redirects", "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
      "HOT_CACHE_MS": "60000", "TRACK_ORPHAN_VISITS": "1",
    ]
    return try WorkerPool("shortener", defaults.merging(variables) { _, own in own })
  }

  private func clicks(_ pool: WorkerPool) throws -> [Click] {
    try pool.clicks().map { line in
      try Array(line.utf8).withUnsafeBufferPointer { try ClickLine(parsing: $0).click }
    }
  }

  private func ask(
    _ pool: WorkerPool, _ target: String, _ others: [(String, String)] = []
  ) throws {
    let agent = ("HTTP_USER_AGENT", "Mozilla/5.0")
    let answer = try pool.ask(target, [agent] + others)
    XCTAssertTrue(answer.hasPrefix("Status: 4"), answer)
  }

  func testAVisitHasItsKindItsPathAndItsDomain() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    let long = "/a/" + String(repeating: "\\", count: 600) + "b"
    let own = [("DOMAIN", "sho.rt")]
    for (target, others) in [
      ("/", own), ("/none?x=1", []), ("/gone", own), ("/a/b", [("VISIT", "2")]), (long, []),
    ] { try ask(pool, target, others) }
    for others in [[("VISIT", "0")], [("PREFETCH", "1")]] { try ask(pool, "/none", others) }
    let clicks = try clicks(pool)
    XCTAssertEqual(
      clicks.map(\.shortCode),
      ["/", "/none", "/gone", "/a/b", "/a/" + String(repeating: "%5C", count: 84)])
    XCTAssertEqual(
      clicks.map(\.details.kind),
      [.baseURL, .invalidShortURL, .invalidShortURL, .regular404, .regular404])
    XCTAssertEqual(clicks.map(\.details.domain), [16, 0, 16, 0, 0])
    XCTAssertEqual(
      clicks.map(\.address), ["192.0.2.1", "192.0.2.1", "192.0.2.1", "", "192.0.2.1"])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testAFloodIsSampledAndItsNumberIsWrittenAlsoByAWorkerThatEnds() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis, ["ORPHAN_VISITS_PER_SECOND": "1"])
    let worker = try pool.start()
    for _ in 0..<150 { try ask(pool, "/none") }
    for _ in 0..<50 { try ask(pool, "/a/b", [("DOMAIN", "sho.rt")]) }
    worker.signal(SIGTERM)
    XCTAssertNotNil(worker.wait(seconds: 60))
    let clicks = try clicks(pool)
    func sum(_ kind: ClickKind, domain: UInt32) -> Int {
      clicks.filter { $0.details.kind == kind && $0.details.domain == domain }
        .reduce(0) { $0 + Int($1.details.weight) }
    }
    XCTAssertEqual(sum(.invalidShortURL, domain: 0), 150)
    XCTAssertEqual(sum(.regular404, domain: 16), 50)
    let written = clicks.filter { !$0.userAgent.isEmpty }
    XCTAssertGreaterThanOrEqual(written.count, 10)
    for click in clicks where click.userAgent.isEmpty {
      XCTAssertEqual(click.details.flags, .anonymous)
      XCTAssertEqual(click.shortCode + click.address, "")
    }
  }

  func testTheLastPartOfTheJournalsIsLeftToClicksOfLinks() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis, ["JOURNAL_MAX_BYTES": "1048576"])
    let other = pool.journals + "/fedcba9876543210.ndjson"
    try FileManager.default.createDirectory(
      atPath: pool.journals, withIntermediateDirectories: true)
    XCTAssertTrue(FileManager.default.createFile(atPath: other, contents: nil))
    XCTAssertEqual(truncate(other, 900_000), 0)
    let worker = try pool.start()
    for _ in 0..<20 { try ask(pool, "/none") }
    XCTAssertTrue(try pool.ask("/sale").contains("Location: https://example.com/"))
    unlink(other)
    func lines() throws -> [Click] { try clicks(pool) }
    XCTAssertEqual(try lines().map(\.shortCode), ["sale"])
    // Once there is room, their number is written.
    XCTAssertTrue(try eventually(seconds: 60) { try lines().count > 1 })
    let orphans = try lines().filter { $0.details.kind == .invalidShortURL }
    XCTAssertEqual(orphans.reduce(0) { $0 + $1.details.weight }, 20)
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testNoneIsWrittenWhereTheyAreNotCounted() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis, ["TRACK_ORPHAN_VISITS": "0"])
    let worker = try pool.start()
    for target in ["/", "/none", "/a/b"] { try ask(pool, target) }
    worker.signal(SIGTERM)
    XCTAssertNotNil(worker.wait(seconds: 60))
    XCTAssertEqual(try pool.clicks(), [])
  }
}
