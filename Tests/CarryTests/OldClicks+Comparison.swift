import ClickHouse
import EngineSupport
import Links
import XCTest

/// What must be equal once all is carried; the old tables are there still.
extension OldClicks {
  /// Compares each link, each batch, and all counts.
  func assertAllIsCarried(file: StaticString = #filePath, line: UInt = #line) throws {
    let (before, after) = (try expectedByLink(), try clicksByLink())
    let different = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
    XCTAssertEqual(different.count, 0, "links, as \(different.prefix(3))", file: file, line: line)
    XCTAssertEqual(after.values.reduce(0, +), rows, "clicks", file: file, line: line)
    for (name, before, after) in Self.equalities {
      let (before, after) = (Array(try bench.client.select(before)), try bench.client.select(after))
      let first = zip(before, after).first { $0 != $1 }
      XCTAssertNil(first, name, file: file, line: line)
      XCTAssertEqual(before.count, after.count, name, file: file, line: line)
      XCTAssertGreaterThan(after.count, 0, name, file: file, line: line)
    }
  }

  private func clicksByLink() throws -> [UInt64: Int] {
    let rows = try bench.client.select("SELECT link, count() FROM visits GROUP BY link")
    return Dictionary(
      uniqueKeysWithValues: rows.map { (UInt64($0[0]) ?? 0, Int($0[1]) ?? -1) })
  }

  /// By Swift's own reading of each name.
  private func expectedByLink() throws -> [UInt64: Int] {
    let rows = try bench.client.select(
      "SELECT hex(short_code), count() FROM clicks_before WHERE batch > 0 GROUP BY short_code")
    var expected: [UInt64: Int] = [:]
    for row in rows {
      let code = stride(from: 0, to: row[0].utf8.count, by: 2).compactMap { index in
        UInt8(row[0].dropFirst(index).prefix(2), radix: 16)
      }
      let id = Self.named[String(decoding: code, as: UTF8.self)]
      let named = id.map(SnowflakeID.init(rawValue:))
      expected[Scope(link: named, name: code).rawValue, default: 0] += Int(row[1]) ?? -1
    }
    return expected
  }

  private static let equalities: [(name: String, before: SQL, after: SQL)] = [
    (
      "batches",
      """
      SELECT batch, ingest_day, count(), sum(cityHash64(short_code, timestamp, user_agent, \
      referrer, event_id, retried, journal, journal_offset)) FROM clicks_before WHERE batch > 0
      GROUP BY batch, ingest_day ORDER BY batch
      """,
      """
      SELECT batch, ingest_day, count(), sum(cityHash64(code, timestamp, user_agent, \
      referrer, event_id, retried, journal, journal_offset)) FROM visits
      WHERE weight = 1 AND domain = 0 GROUP BY batch, ingest_day ORDER BY batch
      """
    ),
    (
      "totals of links",
      """
      SELECT scope, sumMerge(clicks), toUInt32(maxMerge(last_visit)) FROM link_totals_before
      GROUP BY scope ORDER BY scope
      """,
      "SELECT link, count(), toUInt32(max(timestamp)) FROM visits GROUP BY link ORDER BY link"
    ),
    (
      "days of links",
      """
      SELECT scope, day, sumMerge(clicks) FROM link_days_before GROUP BY scope, day
      ORDER BY scope, day
      """,
      """
      SELECT link, toDate(timestamp, 'UTC') AS day, count() FROM visits GROUP BY link, day
      ORDER BY link, day
      """
    ),
    (
      "referrers of links",
      """
      SELECT scope, host, sumMerge(clicks) FROM link_referrers_before GROUP BY scope, host
      ORDER BY scope, host
      """,
      """
      SELECT link, referrer_host, count() FROM visits WHERE referrer_host != ''
      GROUP BY link, referrer_host ORDER BY link, referrer_host
      """
    ),
    (
      "visitors", "SELECT uniqMerge(visitors) FROM clicks_by_link WHERE short_code != ''",
      "SELECT uniqMerge(visitors) FROM link_totals_before"
    ),
    (
      "mapped addresses",
      """
      SELECT if(substring(ip_address, 1, 7) = '::ffff:', substring(ip_address, 8), ip_address) AS a, \
      count() FROM clicks_before WHERE batch > 0 GROUP BY a ORDER BY a
      """,
      "SELECT ip_address, count() FROM visits GROUP BY ip_address ORDER BY ip_address"
    ),
  ]
}
