import API
import Access
import ClickHouse
import EngineSupport
import JSON
import Links
import Web
import XCTest

@testable import Analytics

/// What `GET /rest/v3/analytics` adds up, against the visits that were made.
final class AnalyticsTests: XCTestCase {
  /// A visit as a test knows it.
  private struct Made {
    let second: Int64
    let isBot: Bool
    let host: String
    let address: String
  }

  /// 4000 visits of link 1 over the two days in 2026 on which clocks are set in Berlin, and the time around.
  private func scene(_ bench: Workbench) throws -> (scene: VisitScene, made: [Made]) {
    let scene = try VisitScene(bench)
    try scene.make(1)
    try scene.make(2)
    var made: [Made] = []
    for start: Int64 in [1_774_602_000, 1_792_742_000] {
      // Every 173 seconds over four days.
      try scene.visit(
        VisitScene.link(1),
        """
        SELECT toUInt32(\(start) + number * 173) AS second, toUInt8(number % 5 = 0) AS bot,
          if(number % 3 = 0, '', concat('h', toString(number % 7), '.example')) AS referrer_host,
          concat('192.0.2.', toString(number % 50)) AS ip_address FROM numbers(2000)
        """, ", referrer_host, ip_address")
      made += (0..<2000).map { number in
        Made(
          second: start + number * 173, isBot: number % 5 == 0,
          host: number % 3 == 0 ? "" : "h\(number % 7).example", address: "\(number % 50)")
      }
    }
    try scene.visit(
      VisitScene.link(2), "SELECT toUInt32(1774602000) AS second, toUInt8(0) AS bot")
    return (scene, made)
  }

  private func ask(
    _ scene: VisitScene, _ query: [(String, String)], for caller: Caller = .operator
  ) throws -> Report {
    try scene.list(GetAnalytics(), [:], query, for: caller)
  }

  private func counts(_ made: [Made], excludesBots: Bool) -> ReportCounts {
    let counted = excludesBots ? made.filter { !$0.isBot } : made
    return ReportCounts(
      clicks: counted.count, bots: made.filter(\.isBot).count, last: counted.map(\.second).max())
  }

  private func withoutVisitors(_ counts: ReportCounts) -> ReportCounts {
    var counts = counts
    counts.visitors = nil
    return counts
  }

  func testASeriesIsEqualToTheVisitsInEachZoneAndSize() throws {
    try Workbench.onBothServers { bench in
      let (scene, made) = try scene(bench)
      for name in ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"] {
        for (bucket, start, end) in [
          ("15m", "2026-03-29", "2026-03-30"), ("hour", "2026-03-28", "2026-03-31"),
          ("hour", "2026-10-25", "2026-10-26"), ("day", "2026-03-20", "2026-11-03"),
          ("week", "2026-03-01", "2026-11-03"), ("month", "2026-01-01", "2027-01-01"),
        ] {
          let report = try ask(
            scene,
            [
              ("shortCode", "link1"), ("timezone", name), ("bucket", bucket), ("start", start),
              ("end", end), ("series", "true"), ("excludeBots", "false"),
            ])
          let inside = made.filter {
            (report.range.start..<report.range.end).contains($0.second)
          }
          let part = report.items[0].part
          let series = try XCTUnwrap(part.series)
          XCTAssertEqual(withoutVisitors(part.total), counts(inside, excludesBots: false))
          let starts = series.map(\.start)
          let expected = Dictionary(grouping: inside) { visit in
            starts.lastIndex { $0 <= visit.second } ?? -1
          }
          for (index, element) in series.enumerated() {
            XCTAssertEqual(
              element.counts, counts(expected[index] ?? [], excludesBots: false),
              "\(name) \(bucket) \(index)")
          }
        }
      }
    }
  }

  func testPeopleAndBotsAreApart() throws {
    try Workbench.onBothServers { bench in
      let (scene, made) = try scene(bench)
      let query = [("shortCode", "link1"), ("interval", "all")]
      let people = try ask(scene, query).items[0].part.total
      XCTAssertEqual(withoutVisitors(people), counts(made, excludesBots: true))
      // The addresses of people: those of numbers that 5 doesn't divide.
      XCTAssertEqual(people.visitors, Set(made.filter { !$0.isBot }.map(\.address)).count)
      let all = try ask(scene, query + [("excludeBots", "false")]).items[0].part.total
      XCTAssertEqual(withoutVisitors(all), counts(made, excludesBots: false))
      XCTAssertEqual(all.visitors, people.visitors)
    }
  }

  func testReferrersAddUpToTheClicks() throws {
    try Workbench.onBothServers { bench in
      let (scene, made) = try scene(bench)
      let query = [
        ("shortCode", "link1"), ("interval", "all"), ("breakdowns", "referrer"), ("limit", "3"),
      ]
      let referrers = try XCTUnwrap(try ask(scene, query).items[0].referrers)
      let people = made.filter { !$0.isBot }
      let hosts = Dictionary(grouping: people.filter { !$0.host.isEmpty }, by: \.host)
        .mapValues(\.count).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      XCTAssertEqual(referrers.rows.map(\.host), hosts.prefix(3).map(\.key))
      XCTAssertEqual(referrers.rows.map(\.counts.clicks), hosts.prefix(3).map(\.value))
      XCTAssertEqual(referrers.distinct, 7)
      XCTAssertEqual(referrers.direct.clicks, people.filter(\.host.isEmpty).count)
      let told = referrers.rows.map(\.counts) + [referrers.direct, referrers.other]
      XCTAssertEqual(told.map(\.clicks).reduce(0, +), people.count)
      XCTAssertEqual(told.map(\.bots).reduce(0, +), made.count - people.count)
      let none = try ask(scene, query + [("interval", "24h")]).items[0].referrers
      XCTAssertEqual(none, ReferrerCounts())
    }
  }

  func testTheRangeBeforeIsCountedAsWell() throws {
    let (scene, made) = try scene(Workbench())
    let report = try ask(
      scene,
      [
        ("shortCode", "link1"), ("start", "2026-03-29"), ("end", "2026-03-30"),
        ("compare", "previous"), ("series", "true"), ("timezone", "Europe/Berlin"),
      ])
    let previous = try XCTUnwrap(report.previousRange)
    XCTAssertEqual(report.range.start, previous.end)
    let part = try XCTUnwrap(report.items[0].previous)
    XCTAssertEqual(
      withoutVisitors(part.total),
      counts(
        made.filter { (previous.start..<previous.end).contains($0.second) }, excludesBots: true))
    XCTAssertEqual(report.items[0].part.series?.count, 23)
    XCTAssertEqual(part.series?.count, 24)
  }

  func testVisitsThatSomebodyHasDeletedDontCount() throws {
    try Workbench.onBothServers { bench in
      let (scene, _) = try scene(bench)
      try scene.visit(0, "SELECT toUInt32(1) AS second, toUInt8(0) AS bot")
      let ranges = [("interval", "all"), ("series", "true"), ("breakdowns", "referrer")]
      XCTAssertEqual(try ask(scene, ranges).items[0].part.total.clicks, 3201)
      _ = try scene.list(DeleteLinkVisits(), ["shortCode": "link1"])
      for query in [[("shortCode", "link1")], []] {
        let item = try ask(scene, query + ranges).items[0]
        let left = query.isEmpty ? 1 : 0
        XCTAssertEqual(item.part.total.clicks, left)
        XCTAssertEqual(item.part.total.bots, 0)
        XCTAssertEqual(item.part.series?.map(\.counts.clicks).reduce(0, +), left)
        XCTAssertEqual(item.referrers?.direct.clicks, left)
      }
      try scene.bench.client.execute(
        "INSERT INTO visit_deletions SELECT id, scope, 'done', batch, at FROM visit_deletions")
      XCTAssertEqual(try ask(scene, ranges).items[0].part.total.clicks, 1, "done a moment ago")
    }
  }

  func testWhatCantBeAnsweredIsRefused() throws {
    let scene = try VisitScene(Workbench())
    try scene.make(1)
    let refused: [[(String, String)]] = [
      [("interval", "2d")], [("interval", "7d"), ("start", "2026-01-01")], [("start", "yesterday")],
      [("start", "2026-01-02"), ("end", "2026-01-02")], [("timezone", "Mars/Olympus")],
      [("timezone", "../../../etc/passwd")], [("bucket", "minute")], [("breakdowns", "country")],
      [("breakdowns", "referrer,country")], [("breakdowns", "")], [("limit", "0")],
      [("limit", "1001")], [("compare", "future")], [("orphan", "none")], [("series", "maybe")],
      [("start", "1969-12-31")], [("end", "2200-01-01")],
      (1...7).map { ("shortCode", "link\($0)") },
      (1...4).flatMap { [("shortCode", "link\($0)"), ("tag", "t\($0)")] },
      [("shortCode", "a"), ("shortCode", "b"), ("domain", "x"), ("domain", "y"), ("domain", "z")],
    ]
    for query in refused {
      XCTAssertThrowsError(try ask(scene, query), "\(query)") {
        XCTAssertTrue($0 is InputFailure, "\(query)")
      }
    }
    for query in [
      [("interval", "30d"), ("bucket", "hour")], [("start", "2020-01-01"), ("bucket", "day")],
    ] {
      XCTAssertThrowsError(try ask(scene, query + [("series", "true")])) {
        XCTAssertEqual(
          ($0 as? AnalyticsFailure)?.problem.members.first?.value,
          .array([.string("bucket")]))
      }
      XCTAssertNoThrow(try ask(scene, query), "without a series there are no parts")
    }
  }

  func testWithoutClicksEverythingIsZero() throws {
    let scene = try VisitScene(Workbench())
    try scene.make(1)
    for interval in Interval.allCases {
      let report = try ask(
        scene,
        [
          ("shortCode", "link1"), ("interval", interval.rawValue), ("series", "true"),
          ("breakdowns", "referrer"), ("compare", "previous"), ("timezone", "Asia/Kathmandu"),
        ])
      let item = report.items[0]
      XCTAssertEqual(item.part.total, ReportCounts(visitors: 0))
      XCTAssertEqual(item.previous?.total, ReportCounts(visitors: 0))
      XCTAssertEqual(item.part.series?.allSatisfy { $0.counts == ReportCounts() }, true)
      XCTAssertGreaterThan(item.part.series?.count ?? 0, 0)
    }
  }
}
