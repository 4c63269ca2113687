import API
import Access
import EngineSupport
import HTTPTypes
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// Lists read to their end, cursor by cursor.
final class ListWalkTests: XCTestCase {
  private var scene: ListScene?

  override func setUpWithError() throws { scene = try ListScene(0) }
  override func tearDown() { scene = nil }

  /// The filters of these lists: of all links, and of a part that is small but here has all links.
  private static let parts = ["", "&domain=DEFAULT"]

  /// Stores links among which every key comes several times, and times that differ by less than a millisecond.
  private func fill(_ count: Int, from first: Int = 1) throws {
    try XCTUnwrap(scene).run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, title)
      SELECT n, 'c' || n, 'https://example.org/' || repeat('long', (n % 3)::int * 100) || n % 5,
        timestamptz '2026-01-31' + n / 4 * interval '300 microseconds',
        (ARRAY[NULL, '', 'Title', 'Zürich', repeat('ä', 512)])[1 + n % 5]
      FROM generate_series(\(first), \(first + count - 1)) AS n
      """)
    // A quarter was never visited.
    try XCTUnwrap(scene).run(
      """
      INSERT INTO link_visits (link, total, bots)
      SELECT n, n % 7 + n % 3, n % 3 FROM generate_series(\(first), \(first + count - 1)) AS n
      WHERE n % 4 > 0 ON CONFLICT DO NOTHING
      """)
  }

  /// Follows the cursors from the first page on: the ids of all links that were met, in their order.
  private func walk(
    _ query: String, meanwhile: ([ShortURL]) throws -> Void = { _ in }
  ) throws -> [Int64] {
    let scene = try XCTUnwrap(scene)
    var (ids, cursor, pages) = ([Int64](), String?.none, 0)
    repeat {
      let page = try scene.list(query + (cursor.map { "&cursor=" + $0 } ?? ""))
      ids += page.links.map(\.id.rawValue)
      cursor = page.pagination.nextCursor
      pages += 1
      try meanwhile(page.links)
    } while cursor != nil && pages < 1_000
    XCTAssertNil(cursor)
    return ids
  }

  private func ids(orderedBy order: ShortURLOrder) throws -> [Int64] {
    let key: SQL = order.isByVisits ? "coalesce(\(order.key), -1)" : order.key
    let direction: SQL = order.direction == .ascending ? "ASC" : "DESC"
    return try XCTUnwrap(scene).database.admin().executeOnce(
      """
      SELECT snowflake_id FROM short_urls LEFT JOIN link_visits ON link = snowflake_id
      WHERE deleted_at IS NULL ORDER BY \(key) \(direction), snowflake_id \(direction)
      """, "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in try row.integer() }
  }

  func testEveryLinkComesOnceAndInItsPlaceInEveryOrderHoweverManyHaveTheSameKey() throws {
    try fill(211)
    for order in ShortURLOrder.all {
      let ids = try ids(orderedBy: order)
      for part in Self.parts {
        for size in [1, 7, 210, 211, 1000] where size > 1 || order == .usual {
          let query = "orderBy=\(order.text)&itemsPerPage=\(size)\(part)"
          XCTAssertEqual(try walk(query), ids, query)
        }
      }
    }
  }

  func testPagesByNumberShowTheSameAsCursors() throws {
    let scene = try XCTUnwrap(scene)
    try fill(35)
    for order in ShortURLOrder.all {
      let ids = try ids(orderedBy: order)
      for part in Self.parts {
        let all = try (1...4).flatMap { number in
          try scene.list("orderBy=\(order.text)&page=\(number)\(part)").links.map(\.id.rawValue)
        }
        XCTAssertEqual(all, ids, order.text + part)
      }
    }
    for part in Self.parts {
      let behind = try scene.list("page=5" + part)
      XCTAssertEqual(behind.links, [])
      XCTAssertNil(behind.pagination.nextCursor)
      XCTAssertEqual(behind.pagination.total, 35)
    }
  }

  func testLinksThatStayComeOnceWhileOthersComeGoAndChange() throws {
    let scene = try XCTUnwrap(scene)
    let stays: ClosedRange<Int64> = 1...120
    for (order, part) in ShortURLOrder.all.flatMap({ order in Self.parts.map { (order, $0) } }) {
      try scene.run("TRUNCATE short_urls")
      try fill(240)
      var (next, victim) = (1_000, Int64(121))
      let met = try walk("orderBy=\(order.text)&itemsPerPage=9\(part)") { page in
        try self.fill(3, from: next)
        next += 3
        // The last one of the page is the cursor's own row.
        let last = page.last.map(\.id.rawValue) ?? 0
        let gone = stays.contains(last) ? victim : last
        try scene.run("UPDATE short_urls SET deleted_at = now() WHERE snowflake_id = \(gone)")
        try scene.run(
          """
          UPDATE short_urls SET original_url = 'https://changed.example/', title = 'Changed',
            created_at = now()
          WHERE snowflake_id = \(victim + 1)
          """)
        victim += 2
      }
      let kept = met.filter(stays.contains)
      XCTAssertEqual(kept.count, stays.count, order.text + part)
      XCTAssertEqual(Set(kept), Set(stays), order.text + part)
    }
  }

  func testRowsThatSomebodyMadeByHandBreakNoList() throws {
    let scene = try XCTUnwrap(scene)
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, title) VALUES
        (-1, 'no slug/ at all', repeat('x', 100000), 'infinity', repeat(E'\\t', 512)),
        (-2, '', '', '-infinity', NULL),
        (-3, 'ä', 'javascript:alert(1)', '4713-01-01 BC', E'\\u0001')
      """)
    for order in ShortURLOrder.all {
      let ids = try ids(orderedBy: order)
      for part in Self.parts {
        let query = "orderBy=\(order.text)&itemsPerPage=1\(part)"
        XCTAssertEqual(try walk(query), ids, query)
      }
    }
    XCTAssertFalse(try scene.list("").response.body.isEmpty)
  }

  func testACursorIsForItsFilterAndOrderOnly() throws {
    let scene = try XCTUnwrap(scene)
    try fill(30)
    let cursor = try XCTUnwrap(scene.list("searchTerm=example").pagination.nextCursor)
    XCTAssertNoThrow(try scene.list("searchTerm=example&itemsPerPage=3&cursor=" + cursor))
    for other in [
      "", "searchTerm=exampl", "searchTerm=example&orderBy=dateCreated",
      "searchTerm=example&endDate=2030-01-01",
      "searchTerm=example&startDate=2026-01-01", "searchTerm=example&orderBy=title",
      "searchTerm=example&tags[]=a", "searchTerm=example&excludeTags[]=a",
      "searchTerm=example&domain=DEFAULT", "searchTerm=example&apiKeyName=a",
      "searchTerm=example&excludeMaxVisitsReached=true",
      "searchTerm=example&excludePastValidUntil=true",
    ] {
      let failure = try assertThrows(InputFailure.self) {
        _ = try scene.filter(other + "&cursor=" + cursor)
      }
      guard case .invalid(let complaints) = failure else { return XCTFail("\(failure)") }
      XCTAssertEqual(complaints.map(\.name), ["cursor"], other)
    }
  }

  func testWhoMaySeeNothingGetsAnEmptyList() throws {
    let scene = try XCTUnwrap(scene)
    try fill(3)
    let list = try scene.list("", for: .anyone)
    XCTAssertEqual(list.links, [])
    XCTAssertEqual(list.pagination.total, 0)
  }

  func testAListThatTakesTooLongSaysSoAndTheNextOneIsAnswered() throws {
    let scene = try XCTUnwrap(scene)
    try fill(3)
    let other = try scene.database.admin()
    try other.executeScript(
      unsafe: "BEGIN; LOCK TABLE short_urls", "hold", timeoutMilliseconds: 20_000)
    let units = try scene.units(["PG_WRITE_TIMEOUT_MS": "3000", "PG_READ_TIMEOUT_MS": "5000"])
    func list() throws -> ShortURLList {
      try units.readList("list", for: .operator) { unit throws(TableError) in
        try unit.shortURLs.list(ShortURLFilter(), for: .operator)
      }
    }
    let look = try assertThrows(ManagementFailure.self) {
      _ = try units.read("look", for: .operator) { unit throws(TableError) in
        try unit.shortURLs.names(among: [])
      }
    }
    guard case .unavailable = look else { return XCTFail("\(look) is told of a list") }
    let failure = try assertThrows(ManagementFailure.self) { _ = try list() }
    guard case .tooSlow = failure else { return XCTFail("\(failure)") }
    XCTAssertEqual(failure.problem.status.code, 503)
    XCTAssertTrue(failure.problem.detail.contains("longer search text"), failure.problem.detail)
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try list().links.count, 3, "the server ended the statement, not the connection")
  }
}
