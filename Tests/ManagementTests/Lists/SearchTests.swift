import API
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
