import ClickHouse
import EngineSupport
import Links
import TestSupport
import XCTest

@testable import Analytics

/// What a question about one link reads beside a million other links, on the server under test and on a
/// current one alike.
final class StatsQueriesTests: XCTestCase {
  private let links = 1_000_000
  private let first: Int64 = 384_036_974_793_916_416
  private let second = 1_763_841_000

  /// Each link has two clicks from before the seam, by a name of its own, and one since by its id.
  private func fill(_ bench: Workbench) throws {
    let time: SQL = "toDateTime(\(second), 'UTC')"
    for statement: SQL in [
      """
      INSERT INTO clicks_by_link
      SELECT concat('link', toString(intDiv(number, 2))) AS short_code, sumState(toUInt64(1)),
        uniqState(toString(number)), maxState(\(time)), maxState(toUInt64(1))
      FROM numbers(\(2 * links)) GROUP BY short_code
      """,
      """
      INSERT INTO link_totals
      SELECT toUInt64(\(first)) + number * 4096 AS scope, sumState(toInt64(1)),
        sumState(toInt64(0)), uniqState(toString(number)), minState(\(time)),
        maxState(toDateTime(\(second + 1), 'UTC')), maxState(toUInt64(2))
      FROM numbers(\(links)) GROUP BY scope
      """,
      """
      INSERT INTO clicks_by_day
      SELECT short_code, toDate(\(time)), clicks, last_batch FROM clicks_by_link
      """,
      """
      INSERT INTO clicks_by_referrer
      SELECT short_code, 'https://a.example/', clicks, last_batch FROM clicks_by_link
      """,
      "INSERT INTO link_days SELECT scope, toDate(\(time)), clicks, last_batch FROM link_totals",
      "INSERT INTO link_referrers SELECT scope, 'a.example', clicks, last_batch FROM link_totals",
    ] { try bench.client.execute(statement, timeout: 120_000) }
  }

  private func ask(
    _ queries: StatsQueries, _ bench: Workbench, granules: Int
  ) throws -> [[[String]]] {
    // Of each table one granule for a key, and one more where a key begins.
    try [
      (queries.totals, 64), (queries.days, 8192), (queries.topReferrers, 8192),
      (queries.referredClicks, 8192),
    ].map { (query, granule) in
      let limit = ["max_rows_to_read": String(granules * granule)]
      return Array(try bench.client.select(query, settings: limit, timeout: 60_000))
    }
  }

  func testAQuestionReadsTheGranulesOfItsLinkAlone() throws {
    try Workbench.onBothServers { bench in
      try fill(bench)
      let id = SnowflakeID(rawValue: first + Int64(links) / 2 * 4096)
      let named = try XCTUnwrap(Slug("link\(links / 2)"))
      for phase in [OldCounts.byCode, .byScope] {
        if case .byScope = phase {
          try bench.carryCounts("toUInt64(\(first)) + toUInt64(substring(short_code, 5)) * 4096")
        }
        // By its own code it has been counted before the seam as well, once that goes by scope.
        let clicks = phase == .byCode ? 1 : 3
        for (slug, clicks, scopes) in [(Slug(id), clicks, 1), (named, 3, 2)] {
          let queries = StatsQueries(slug, link: id, before: phase)
          let answers = try ask(queries, bench, granules: 4 * scopes)
          XCTAssertEqual(
            answers[0].map { [$0[0], $0[2], $0[3]] }, [["\(clicks)", "\(second + 1)", "0"]])
          XCTAssertEqual(answers[1], [["2025-11-22", "\(clicks)"]])
          XCTAssertEqual(answers[2], [["a.example", "\(clicks)"]])
          XCTAssertEqual(answers[3], [["\(clicks)"]])
        }
        // The limit is one of rows that are read, and not of those that are found.
        let error = try assertThrows(ClickHouseError.self) {
          _ = try bench.client.select(
            StatsQueries(named, link: id, before: phase).days,
            settings: ["max_rows_to_read": "4096"])
        }
        XCTAssertEqual(error.cause, .refused(.init(rawValue: 158)), error.message)
      }
    }
  }
}
