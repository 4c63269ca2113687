import Foundation
import TestSupport
import XCTest

/// PostgreSQL's unique keys are the last guard of ids, and no client hears of it.
final class CollisionSiteTests: XCTestCase {
  /// Rows take ids ahead of the workers.
  ///
  /// In the next minute, every sixteenth millisecond loses the first id of every worker number in
  /// use.
  func testAnIDThatIsTakenIsLeftForTheNextOneAndTheClientGetsItsLink() throws {
    let site = try Site()
    // Every worker takes a number with its first link.
    for number in 0..<40 { _ = try site.shorten("https://example.com/before/\(number)") }
    defer { _ = try? sql("DELETE FROM short_urls WHERE short_code LIKE 'taken%'") }
    let planted = try sql(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      SELECT id, 'taken' || id, 'https://example.com/'
      FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::int8 - 1704067200000 AS now) AS t,
        generate_series(now, now + 60000) AS ms,
        (SELECT DISTINCT snowflake_id >> 12 & 1023 AS worker FROM short_urls
          WHERE created_at > now() - interval '1 minute') AS workers,
        LATERAL (SELECT (ms << 22) | (worker << 12) AS id) AS ids
      WHERE ms % 16 = 0
      """)
    XCTAssertTrue(planted.hasPrefix("INSERT 0 "), planted)
    let before = try collisions()
    let countedBefore = try counted(site)
    var made: Set<String> = []
    for number in 0..<1000 where try collisions() < before + 3 {
      made.insert(try site.shorten("https://example.com/collision/\(number)"))
      XCTAssertEqual(made.count, number + 1)
    }
    XCTAssertGreaterThanOrEqual(try collisions(), before + 3, "\(made.count) links, no collision")
    XCTAssertTrue(
      try eventually(seconds: 10) { try counted(site) - countedBefore == collisions() - before })
  }

  /// How often the workers say so.
  private func counted(_ site: Site) throws -> Int {
    let sum = try Scrape(site.http.get("/metrics").text).sum("swiftlet_worker_id_collisions_total")
    return Int(try XCTUnwrap(sum))
  }

  /// How often PostgreSQL has refused an id.
  private func collisions() throws -> Int {
    let log = try TestStack.value("SWIFTLET_LOG") + "/postgres.log"
    return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
      .count { $0.contains("short_urls_pkey") }
  }

  private func sql(_ statement: String) throws -> String {
    try Command.output(
      "/usr/bin/psql", ["-X", "-v", "ON_ERROR_STOP=1", "-c", statement, TestStack.value("PG_DSN")])
  }
}
