import API
import JSON
import Web
import XCTest

final class PageTests: XCTestCase {
  private let list = Array("list".utf8)

  /// A page, and the names of what is wrong with it.
  private func page(_ query: String) -> (page: Page, invalid: [String], reasons: String) {
    var query = query
    var reader = query.withUTF8 {
      InputReader(
        path: [:], query: QueryString($0), members: JSONObject(), .none)
    }
    let page = Page(from: &reader, of: list)
    return (
      page, reader.complaints.map(\.name),
      reader.complaints.map(\.sentence).joined(separator: " ")
    )
  }

  func testWithoutParametersItIsTheFirstTen() {
    let (page, invalid, _) = page("")
    XCTAssertEqual(page, Page(number: 1, size: 10))
    XCTAssertEqual(page.offset, 0)
    XCTAssertEqual(invalid, [])
  }

  func testSizesAreBounded() {
    for (query, size) in [
      ("itemsPerPage=1", 1), ("itemsPerPage=1000", 1000), ("itemsPerPage=1001", 1000),
      ("itemsPerPage=-1", 1000), ("itemsPerPage=9223372036854775807", 1000),
    ] {
      XCTAssertEqual(page(query).page.size, size, query)
      XCTAssertEqual(page(query).invalid, [], query)
    }
    for query in ["itemsPerPage=0", "itemsPerPage=-2", "itemsPerPage=ten", "itemsPerPage="] {
      XCTAssertEqual(page(query).invalid, ["itemsPerPage"], query)
    }
  }

  func testPagesReachToRow10000AndThenNameTheCursor() {
    for (query, offset) in [
      ("page=2", 10), ("page=1000", 9_990), ("page=10&itemsPerPage=-1", 9_000),
      ("page=1428&itemsPerPage=7", 9_989),
    ] {
      XCTAssertEqual(page(query).page.offset, offset, query)
      XCTAssertEqual(page(query).invalid, [], query)
    }
    for query in [
      "page=1001", "page=11&itemsPerPage=1000", "page=1429&itemsPerPage=7",
      "page=9223372036854775807",
    ] {
      XCTAssertEqual(page(query).invalid, ["page"], query)
      XCTAssertTrue(page(query).reasons.contains("nextCursor"), page(query).reasons)
    }
    for query in ["page=0", "page=-1", "page=one", "page=9223372036854775808"] {
      XCTAssertEqual(page(query).invalid, ["page"], query)
    }
  }

  func testACursorTakesThePlaceOfANumber() {
    let cursor = Cursor(key: .text("a"), id: 7, passed: 30)
    let (page, invalid, _) = page("page=5000&cursor=" + cursor.text(of: list))
    XCTAssertEqual(page.cursor, cursor)
    XCTAssertEqual(page.offset, 0)
    XCTAssertEqual(invalid, [])
    for text in [
      "", "A", "nonsense", cursor.text(of: []), "%00", String(repeating: "A", count: 5000),
    ] {
      XCTAssertEqual(self.page("cursor=" + text).invalid, ["cursor"], text)
    }
  }

  // MARK: Pagination

  private func written(_ pagination: Pagination) throws -> [String: JSONValue] {
    var json = JSONWriter()
    FieldWriter.object(in: &json) { pagination.write(to: &$0) }
    let members = try XCTUnwrap(JSONValue(parsing: json.bytes).object).members
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
  }

  private func numbers(_ pagination: Pagination) throws -> [Int?] {
    let members = try written(pagination)
    return ["currentPage", "pagesCount", "itemsPerPage", "itemsInCurrentPage", "totalItems"].map {
      members[$0]?.integer
    }
  }

  func testAnEmptyListIsOnePageOfNothing() throws {
    let empty = Pagination(Page(), count: 0, total: 0, nextCursor: nil)
    XCTAssertEqual(try numbers(empty), [1, 1, 10, 0, 0])
    XCTAssertEqual(try written(empty)["nextCursor"], .null)
  }

  func testPagesAreCountedByTheCappedSize() throws {
    XCTAssertEqual(
      try numbers(Pagination(Page(number: 2), count: 10, total: 21, nextCursor: "c")),
      [2, 3, 10, 10, 21])
    XCTAssertEqual(
      try numbers(
        Pagination(Page(number: 1, size: 1000), count: 1000, total: 100_001, nextCursor: "c")),
      [1, 101, 1000, 1000, 100_001])
  }

  func testBehindACursorThePageIsToldByWhatWasPassed() throws {
    let page = Page(size: 10, cursor: Cursor(key: .text(""), id: 1, passed: 200_030))
    XCTAssertEqual(
      try numbers(Pagination(page, count: 10, total: 100_001, nextCursor: nil)),
      [20_004, 20_004, 10, 10, 100_001])
  }

  func testRowsThatCameAfterTheyWereCountedAreCounted() throws {
    XCTAssertEqual(
      try numbers(Pagination(Page(number: 2), count: 5, total: 12, nextCursor: nil)),
      [2, 2, 10, 5, 15])
  }
}
