import API
import Management
import Postgres
import TestSupport
import XCTest

/// How PostgreSQL finds a page among a hundred thousand links: by an index, however it is asked for.
final class ListPlanTests: XCTestCase {
  nonisolated(unsafe) private static var scene: ListScene?

  override func setUpWithError() throws {
    if Self.scene == nil { Self.scene = try ListScene(105_000) }
  }

  override class func tearDown() { scene = nil }

  /// The filters of a list, and the indexes that may find a page in addition to the order's.
  private static let filters: [(query: String, index: String?)] = [
    ("", nil), ("startDate=2024-12-01", nil),
    ("startDate=2024-12-01&endDate=2024-12-09", "short_urls_by_date"),
    ("searchTerm=number+47111", "short_urls_search"),
    ("searchTerm=campaign%3D42", "short_urls_search"), ("searchTerm=example", nil),
    ("searchTerm=S7", "short_urls_by_code"),
    ("searchTerm=campaign%3D42&startDate=2024-06-01&endDate=2024-12-01", "short_urls_search"),
  ]

  private static let indexes: [ShortURLOrder.Column: String] = [
    .longURL: "short_urls_by_url", .shortCode: "short_urls_by_code",
    .dateCreated: "short_urls_by_date", .title: "short_urls_by_title",
  ]

  /// Those whose key is a column of the link.
  private static let orders = ShortURLOrder.all.filter { !$0.isByVisits }

  func testAPageIsFoundByAnIndexInEveryOrderUnderEveryFilterAtItsBeginningAndBehindACursor() throws
  {
    let scene = try XCTUnwrap(Self.scene)
    for order in Self.orders {
      for (query, index) in Self.filters {
        let query = "orderBy=\(order.text)&\(query)"
        let usual = try XCTUnwrap(Self.indexes[order.column])
        try look(scene, query, by: [usual] + (index.map { [$0] } ?? []))
        let page = try scene.list(query + "&itemsPerPage=5")
        let cursor = try XCTUnwrap(page.pagination.nextCursor ?? "", query)
        guard !cursor.isEmpty else { continue }
        try look(scene, query + "&cursor=" + cursor, by: [usual] + (index.map { [$0] } ?? []))
      }
    }
  }

  private func look(_ scene: ListScene, _ query: String, by indexes: [String]) throws {
    let plan = try scene.plan(scene.statements(query).page)
    XCTAssertFalse(plan.readsAll, query)
    XCTAssertFalse(plan.indexes.isEmpty, query)
    XCTAssertEqual(
      Set(plan.indexes.filter { $0.hasPrefix("short_urls_") }).subtracting(indexes), [], query)
    // Links without a title have the same key. So they come in the order of ids, which is that of dates:
    // the way to the first one of a late date leads over all before it.
    let isLong = query.contains("title-") && query.contains("Date=")
    XCTAssertLessThanOrEqual(plan.rowsRead, isLong ? 105_000 : 10_000, query)
    XCTAssertLessThanOrEqual(plan.rowsSorted, 5_000, query)
  }

  func testTheLastPageByNumberReadsNoMoreThanTenThousandLinks() throws {
    let scene = try XCTUnwrap(Self.scene)
    for order in Self.orders {
      let query = "orderBy=\(order.text)&page=10&itemsPerPage=1000"
      let plan = try scene.plan(scene.statements(query).page)
      XCTAssertEqual(
        plan.indexes.filter { $0.hasPrefix("short_urls_") },
        [try XCTUnwrap(Self.indexes[order.column])], query)
      XCTAssertLessThanOrEqual(plan.rowsRead, 10_001, query)
      XCTAssertEqual(plan.rowsSorted, 0, query)
    }
  }

  func testLinksAreCountedByAnIndex() throws {
    let scene = try XCTUnwrap(Self.scene)
    // Of a text that most links have, the table itself is the index.
    for (query, index) in Self.filters where !query.contains("=example") {
      let plan = try scene.plan(scene.statements(query).count)
      XCTAssertFalse(plan.steps.contains { $0.kind == "Seq Scan" }, query)
      // Any index of the links that aren't deleted is as good.
      let indexes = [
        index ?? "short_urls_by_date", "short_urls_by_date", "short_urls_by_destination",
      ]
      XCTAssertEqual(Set(plan.indexes).subtracting(indexes), [], query)
      XCTAssertLessThanOrEqual(plan.rowsRead, 100_001, query)
    }
  }

  func testACountEndsAtOneHundredThousandAndOne() throws {
    let scene = try XCTUnwrap(Self.scene)
    for query in ["", "searchTerm=example"] {
      XCTAssertEqual(try scene.list(query).pagination.total, 100_001)
    }
    XCTAssertEqual(try scene.list("searchTerm=number+47112").pagination.total, 1)
  }
}
