import API
import Access
import ClickHouse
import EngineSupport
import Links
import Postgres
import XCTest

@testable import Analytics

/// Lists of visits: order, pages, cursors, filters, and what is told of each.
final class VisitListTests: XCTestCase {
  func testEachVisitComesOnceByPagesAndByCursors() throws {
    try Workbench.onBothServers { bench in
      let scene = try VisitScene(bench)
      try scene.make(1)
      // Five visits in each second.
      try scene.visit(
        VisitScene.link(1),
        "SELECT 1700000000 + intDiv(number, 5) AS second, toUInt8(0) AS bot FROM numbers(23)")
      let all = try scene.visits(of: 1)
      XCTAssertEqual(all.visits.count, 23)
      XCTAssertEqual(all.pagination.total, 23)
      XCTAssertNil(all.pagination.nextCursor)
      let order = all.visits.map { ($0.seconds, $0.id) }
      XCTAssertTrue(zip(order, order.dropFirst()).allSatisfy { $0 > $1 })
      let pages = try (1...4).flatMap { number in
        try scene.visits(of: 1, [("itemsPerPage", "7"), ("page", "\(number)")]).visits
      }
      XCTAssertEqual(pages, all.visits)
      XCTAssertEqual(try scene.walk(4) { try scene.visits(of: 1, $0) }, all.visits)
      let last = try scene.visits(of: 1, [("itemsPerPage", "7"), ("page", "9")])
      XCTAssertEqual(last.visits, [])
      XCTAssertEqual(last.pagination.pages, 4)
    }
  }

  func testAPageOfABusyLinkIsTheSameWhicheverWayItIsFound() throws {
    try Workbench.onBothServers { bench in
      let scene = try VisitScene(bench)
      try scene.make(1)
      let now = Int64(Date().timeIntervalSince1970)
      // Over 60 hours, more than are read without a look at their times.
      try scene.visit(
        VisitScene.link(1),
        "SELECT toUInt32(\(now) - number * 7) AS second, toUInt8(number % 3 = 0) AS bot FROM numbers(30000)"
      )
      let first = try scene.visits(of: 1)
      XCTAssertEqual(first.pagination.total, 30_000)
      XCTAssertEqual(first.visits.count, 5000)
      XCTAssertEqual(first.visits.first?.seconds, now)
      let second = try scene.visits(of: 1, [("page", "2")])
      let cursor = try XCTUnwrap(first.pagination.nextCursor)
      let following = try scene.visits(of: 1, [("cursor", cursor)])
      XCTAssertEqual(second.visits, following.visits)
      XCTAssertEqual(second.visits.first?.seconds, now - 5000 * 7)
      XCTAssertEqual(following.pagination.number, 2)
      let end = try scene.visits(of: 1, [("page", "6"), ("excludeBots", "")])
      XCTAssertEqual(end.visits.count, 0)
      XCTAssertEqual(end.pagination.total, 20_000)
    }
  }

  func testDatesAreInclusiveAndBotsCanBeLeftOut() throws {
    let scene = try VisitScene(Workbench())
    try scene.make(1)
    try scene.visit(
      VisitScene.link(1),
      """
      SELECT toUInt32(toDateTime(toDate('2026-01-01') + number, 'UTC')) AS second, toUInt8(number % 2) AS bot
      FROM numbers(10)
      """)
    func count(_ query: (String, String)...) throws -> [Int] {
      let list = try scene.visits(of: 1, query)
      return [list.visits.count, list.pagination.total]
    }
    XCTAssertEqual(try count(), [10, 10])
    XCTAssertEqual(try count(("excludeBots", "false")), [5, 5])
    XCTAssertEqual(try count(("startDate", "2026-01-03")), [8, 8])
    XCTAssertEqual(try count(("endDate", "2026-01-03")), [3, 3])
    XCTAssertEqual(
      try count(
        ("startDate", "2026-01-02T00:00:00Z"), ("endDate", "2026-01-04"), ("excludeBots", "")),
      [1, 1])
    XCTAssertEqual(try count(("startDate", "2027-01-01")), [0, 0])
    XCTAssertThrowsError(try count(("startDate", "yesterday"), ("page", "0")))
    XCTAssertThrowsError(try count(("cursor", "cAAAA")))
    XCTAssertTrue(try scene.visits(of: 1).visits.contains(where: \.isBot))
  }

  func testAVisitTellsWhereTheLinkLedThen() throws {
    let scene = try VisitScene(Workbench())
    try scene.make(1, leadingTo: "https://new.example/")
    try scene.execute(
      "UPDATE short_urls SET revision = 3 WHERE snowflake_id = \(VisitScene.link(1))")
    try scene.execute(
      """
      INSERT INTO short_url_revisions (link, number, original_url, rules) VALUES
        (\(VisitScene.link(1)), 2, 'https://old.example/', \
      '[{"u":"https://phone.example/","c":[["device",null,"ios"]]}]')
      """)
    try scene.visit(
      VisitScene.link(1),
      """
      SELECT 1700000000 + number AS second, toUInt8(0) AS bot, toUInt32(number) AS revision,
        toUInt32(number = 2) AS rule, 'again' AS code, 'https://from.example/' AS referrer, 'UA' AS user_agent
      FROM numbers(4)
      """, ", revision, rule, code, referrer, user_agent")
    try scene.visit(
      VisitScene.link(1),
      """
      SELECT 1600000000 AS second, toUInt8(0) AS bot, toUInt32(2) AS revision, toUInt32(9) AS rule
      UNION ALL SELECT 1500000000, toUInt8(0), toUInt32(2), toUInt32(0)
      """, ", revision, rule")
    let visits = try scene.visits(of: 1).visits
    XCTAssertEqual(
      visits.map(\.redirectURL),
      ["https://new.example/", "https://phone.example/", nil, nil, nil, "https://old.example/"])
    XCTAssertEqual(visits[0].visitedURL, "https://s.example/again")
    try scene.make(2, leadingTo: "https://unedited.example/")
    try scene.visit(VisitScene.link(2), "SELECT 1 AS second, toUInt8(0) AS bot FROM numbers(1)")
    XCTAssertEqual(
      try scene.visits(of: 2).visits.map(\.redirectURL), ["https://unedited.example/"],
      "a click that tells no revision")
    XCTAssertEqual(visits[0].referrer, "https://from.example/")
    XCTAssertEqual(visits[0].userAgent, "UA")
    XCTAssertEqual(visits[0].seconds, 1_700_000_003)
  }

  func testDeletedVisitsAreGoneFromListsAtOnce() throws {
    let scene = try VisitScene(Workbench())
    for number in 1...2 {
      try scene.make(number)
      try scene.visit(
        VisitScene.link(number),
        "SELECT 1700000000 + number AS second, toUInt8(0) AS bot FROM numbers(4)")
    }
    try scene.visit(0, "SELECT 1 AS second, toUInt8(0) AS bot FROM numbers(1)")
    try scene.visit(3, "SELECT 1700000000 + number AS second, toUInt8(0) AS bot FROM numbers(7)")
    XCTAssertThrowsError(try scene.list(DeleteLinkVisits(), ["shortCode": "none"]))
    XCTAssertThrowsError(
      try scene.list(DeleteLinkVisits(), ["shortCode": "link1"], for: .holder(tenant: 1)))
    XCTAssertEqual(try scene.visits(of: 1).pagination.total, 4)
    XCTAssertEqual(try scene.list(DeleteLinkVisits(), ["shortCode": "link1"]).count, 4)
    XCTAssertEqual(try scene.visits(of: 1).visits, [])
    XCTAssertEqual(try scene.visits(of: 1).pagination.total, 0)
    XCTAssertEqual(try scene.visits(of: 2).pagination.total, 4)
    XCTAssertEqual(try scene.list(DeleteLinkVisits(), ["shortCode": "link1"]).count, 0)
    XCTAssertEqual(try scene.list(DeleteOrphanVisits(), for: .holder(seesOrphans: false)).count, 0)
    XCTAssertEqual(try scene.list(ListOrphanVisits()).visits.count, 7)
    XCTAssertEqual(try scene.list(DeleteOrphanVisits()).count, 7)
    XCTAssertEqual(try scene.list(ListOrphanVisits()).visits, [])
    XCTAssertEqual(
      try scene.bench.number(
        "SELECT count() FROM visit_deletions WHERE step = 'asked' AND batch = 1"), 5)
  }

  func testVisitsWithoutALinkAreListedByType() throws {
    let scene = try VisitScene(Workbench())
    for (number, type) in OrphanType.allCases.enumerated() {
      try scene.visit(
        Int64(type.scope.rawValue),
        """
        SELECT 1700000000 + number AS second, toUInt8(number = 0) AS bot, '/x/y' AS code
        FROM numbers(\(number + 1))
        """, ", code")
    }
    // One that stands for many is counted, not listed.
    try scene.bench.client.execute(
      "INSERT INTO visits (link, timestamp, weight) VALUES (3, 1700000000, 40)")
    let all = try scene.list(ListOrphanVisits())
    XCTAssertEqual(all.visits.count, 6)
    XCTAssertEqual(all.pagination.total, 6)
    for (number, type) in OrphanType.allCases.enumerated() {
      let some = try scene.list(ListOrphanVisits(), [:], [("type", type.rawValue)])
      XCTAssertEqual(some.visits.map(\.type), Array(repeating: type, count: number + 1))
      XCTAssertEqual(some.visits[0].visitedURL, "https://s.example/x/y")
      XCTAssertNil(some.visits[0].redirectURL)
    }
    XCTAssertThrowsError(try scene.list(ListOrphanVisits(), [:], [("type", "other")]))
    let hidden = try scene.list(ListOrphanVisits(), for: .holder(seesOrphans: false))
    XCTAssertEqual(hidden.visits, [])
    XCTAssertEqual(
      try scene.list(CountVisits()).orphans, VisitTotals.Count(total: 6, bots: 3))
  }
}
