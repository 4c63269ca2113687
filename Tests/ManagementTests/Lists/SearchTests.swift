import API
import Access
import Links
import Management
import Postgres
import TestSupport
import XCTest

/// What a search finds.
final class SearchTests: XCTestCase {
  private var scene: ListScene?

  override func setUpWithError() throws {
    let scene = try ListScene(0)
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, title) VALUES
        (1, 'Promo-2026', 'https://example.org/Summer', '2026-01-31 00:00:00.5', NULL),
        (2, 'abc', 'https://example.org/100%25_sure', '2026-01-31 12:00:00', 'Äpfel & Birnen'),
        (3, 'abd', 'https://example.org/1000125xsure', '2026-01-31 23:59:59.999', 'a_b\\c'),
        (4, 'Abc', 'https://example.com/', '2026-02-01', '日本語のページ'),
        (5, 'x.y', 'https://example.com/org', '2026-02-02', 'Äpfel')
      """)
    try scene.run("UPDATE short_urls SET deleted_at = now() WHERE snowflake_id = 5")
    self.scene = scene
  }

  override func tearDown() { scene = nil }

  private func found(_ query: String) throws -> [Int64] {
    try XCTUnwrap(scene).list(query + "&orderBy=shortCode").links.map(\.id.rawValue).sorted()
  }

  func testATextIsFoundInURLTitleAndCodeInEitherCase() throws {
    for (term, ids) in [
      ("summer", [1]), ("PROMO", [1]), ("example.org", [1, 2, 3]), ("%C3%84PFEL", [2]),
      ("%C3%A4pfel", [2]), ("%E6%97%A5%E6%9C%AC%E8%AA%9E", [4]), ("birnen", [2]), ("ABC", [2, 4]),
      ("https", [1, 2, 3, 4]), ("nothing", []),
    ] as [(String, [Int64])] {
      XCTAssertEqual(try found("searchTerm=" + term), ids, term)
    }
  }

  func testATextIsFoundInTheNamesOfTagsOfTheCallersTenant() throws {
    let scene = try XCTUnwrap(scene)
    try scene.run("INSERT INTO tenants (id, name) VALUES (7, 'seven')")
    try scene.run(
      """
      INSERT INTO tags (id, tenant, name) OVERRIDING SYSTEM VALUE
      VALUES (1, 0, 'obst-äpfel'), (2, 0, 'sale%'), (3, 0, 'de'), (4, 7, 'saleroom'), (5, 0, 'abc-1')
      """)
    try scene.run(
      """
      INSERT INTO short_url_tags (link, tag)
      VALUES (4, 1), (1, 2), (5, 2), (3, 3), (1, 3), (2, 4), (3, 5)
      """)
    for (term, ids) in [
      ("SALE", [1, 2]), ("ale%25", [1]), ("OBST", [4]), ("%C3%84pfel", [2, 4]), ("D", [1, 3]),
      ("e", []), ("Ab", [3, 4]), ("ABC", [2, 3, 4]), ("summer", [1]), ("saledepfel", []),
    ] as [(String, [Int64])] {
      XCTAssertEqual(try found("searchTerm=" + term), ids, term)
    }
    for (caller, ids) in [
      (Caller.operatorOf(tenant: 0), [1]), (.operatorOf(tenant: 7), []),
      (.holder(3, domain: "go.example"), []), (.holder(3, authoredOnly: true), []),
    ] as [(Caller, [Int64])] {
      XCTAssertEqual(
        try scene.list("searchTerm=sale", for: caller).links.map(\.id.rawValue), ids)
    }
    for order in ShortURLOrder.all {
      let list = try scene.list("searchTerm=%C3%84pfel&orderBy=\(order.text)")
      XCTAssertEqual(list.links.map(\.id.rawValue).sorted(), [2, 4], order.text)
      XCTAssertEqual(list.pagination.total, 2)
    }
    XCTAssertEqual(try found("searchTerm=sale&tags[]=de"), [1])
    XCTAssertEqual(try found("searchTerm=sale&excludeTags[]=de"), [2])
  }

  func testATextIsFoundAmongMoreTagsThanAreLookedAtOneByOne() throws {
    let scene = try XCTUnwrap(scene)
    try scene.run(
      "INSERT INTO tags (name) SELECT 'number-' || n FROM generate_series(1, 1500) AS n")
    try scene.run(
      "INSERT INTO short_url_tags (link, tag) SELECT 3, id FROM tags WHERE name = 'number-1500'")
    XCTAssertEqual(try found("searchTerm=number-"), [3])
    XCTAssertEqual(try found("searchTerm=number-1500"), [3])
    XCTAssertEqual(try found("searchTerm=number-1499"), [])
  }

  func testWildcardsOfSQLMeanThemselves() throws {
    for (term, ids) in [
      ("100%25", [2]), ("100%2525_sure", [2]), ("25_sure", [2]), ("25xsure", [3]), ("a_b%5Cc", []),
      ("https%25", []), ("https_", []), ("%25%25%25", []), ("___", []), ("%5C%5C%5C", []),
    ] as [(String, [Int64])] {
      XCTAssertEqual(try found("searchTerm=" + term), ids, term)
    }
  }

  func testAShortTermIsTheBeginningOfACodeInItsOwnCase() throws {
    for (term, ids) in [
      ("a", [2, 3]), ("ab", [2, 3]), ("Ab", [4]), ("P", [1]), ("b", []), ("%C3%A4", []),
      ("x.y", []), ("--", []), ("+ab+", [2, 3]),
    ] as [(String, [Int64])] {
      XCTAssertEqual(try found("searchTerm=" + term), ids, term)
    }
  }

  func testAnEmptyTermFiltersNothing() throws {
    for term in ["", "+", "%20%20"] {
      XCTAssertEqual(try found("searchTerm=" + term), [1, 2, 3, 4], term)
    }
  }

  func testATermDoesNotReachOverTheEndOfAURL() throws {
    XCTAssertEqual(try found("searchTerm=summerpromo"), [])
    XCTAssertEqual(try found("searchTerm=" + "https://example.com/Abc"), [])
  }

  func testDatesAreInclusive() throws {
    for (query, ids) in [
      ("startDate=2026-01-31&endDate=2026-01-31", [1, 2, 3]), ("startDate=2026-02-01", [4]),
      ("endDate=2026-01-31T12:00:00Z", [1, 2]), ("endDate=2026-01-31T00:00:00%2B00:00", [1]),
      ("startDate=2026-01-31T23:59:59Z", [3, 4]), ("startDate=2026-02-01T00:59:59+01:00", [3, 4]),
      ("startDate=2027-01-01&endDate=2026-01-01", []),
      ("startDate=0000-01-01&endDate=9999-12-31", [1, 2, 3, 4]),
    ] as [(String, [Int64])] {
      XCTAssertEqual(try found(query), ids, query)
    }
  }

  func testWhatCanNotBeReadIsRefusedAndAllOfItIsNamed() throws {
    let scene = try XCTUnwrap(scene)
    let failure = try assertThrows(InputFailure.self) {
      _ = try scene.filter(
        "searchTerm=a%00b&startDate=today&endDate=2026-02-30&orderBy=clicks-DESC&page=0&itemsPerPage=x&cursor=y"
      )
    }
    guard case .invalid(let complaints) = failure else { return XCTFail("\(failure)") }
    XCTAssertEqual(
      Set(complaints.map(\.name)),
      ["searchTerm", "startDate", "endDate", "orderBy", "page", "itemsPerPage", "cursor"])
    for query in [
      "searchTerm=" + String(repeating: "a", count: 513), "searchTerm=a%0Ab", "orderBy=",
      "orderBy=title-", "orderBy=title-asc", "orderBy=shortCode-DESC-", "orderBy=clicks",
    ] {
      XCTAssertThrowsError(try scene.filter(query), query)
    }
    XCTAssertEqual(try scene.filter("orderBy=title").order, ShortURLOrder(.title, .ascending))
  }
}
