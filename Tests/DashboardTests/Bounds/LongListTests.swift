import TestSupport
import XCTest

/// The list of a hundred thousand links.
final class LongListTests: DashboardTestCase {
  // XCTest runs one test after the other.
  nonisolated(unsafe) private static var scene: (links: ManyLinks, lastCursor: String)?
  private var links: ManyLinks!

  override class func tearDown() {
    scene = nil
    super.tearDown()
  }

  override func setUpWithError() throws {
    try super.setUpWithError()
    if Self.scene == nil {
      // A cursor is a place in the list: behind this one are the fifty oldest, whatever comes later.
      var cursor = ""
      let links = try ManyLinks { links in
        let list = "short-urls?orderBy=dateCreated-DESC&itemsPerPage=50"
        cursor = try links.owner.ask("GET", list)["shortUrls"]["pagination"]["nextCursor"].text
      }
      Self.scene = (links, cursor)
    }
    links = Self.scene?.links
  }

  override func tearDownWithError() throws {
    links = nil
    try super.tearDownWithError()
  }

  /// Asserts that these are the links of the page, by their numbers, and that it is within its bounds.
  private func assertLinks(
    _ numbers: ClosedRange<Int>, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try browser.wait(
      "document.querySelector('tbody tr')?.dataset.code === arguments[0][0]",
      links.code(numbers.upperBound), file: file, line: line)
    let codes = try browser.run(
      "return [...document.querySelectorAll('tbody tr')].map((row) => row.dataset.code)"
    ).texts
    XCTAssertEqual(codes, numbers.reversed().map(links.code), file: file, line: line)
    try browser.assertModest(file: file, line: line)
  }

  func testPagesHaveNumbersUpToRowTenThousandAndGoOnByCursor() throws {
    try signIn(as: links.owner, "settings")
    try browser.choose("100", of: "Rows of a page")
    try browser.open("/dashboard/links")
    try browser.waitFor("100,000 links")
    try assertLinks(99_901...100_000)
    let totals = try links.owner.ask("GET", "short-urls?itemsPerPage=1")["shortUrls"]["pagination"]
    XCTAssertEqual(try totals["totalItems"].number, ManyLinks.count)

    try browser.open("/dashboard/links?page=100")
    try assertLinks(90_001...90_100)
    for numbers in [89_901...90_000, 89_801...89_900] {
      try browser.press("]")
      try assertLinks(numbers)
      try browser.waitFor("further, of 100,000")
    }
    try browser.reload()
    try assertLinks(89_801...89_900)
    try browser.press("[")
    try assertLinks(89_901...90_000)
    try browser.press("[")
    try assertLinks(90_001...90_100)
    try browser.waitFor("9,901–10,000 of 100,000")
  }

  func testTheTwoThousandthPageIsReachedByCursorAlone() throws {
    let cursor = try XCTUnwrap(Self.scene).lastCursor
    try signIn(as: links.owner, "links?cursor=\(cursor)")
    try assertLinks(1...50)
    let isLast = "return document.querySelector('[aria-label=\"Next page\"]').disabled"
    XCTAssertTrue(try browser.run(isLast).isTrue)
    try browser.open("/dashboard/links?page=2000")
    try browser.waitFor("reaches beyond row 10000")
    try browser.inspect("links-too-far")
    try browser.click("First page")
    try browser.waitFor("1–50 of 100,000")
    XCTAssertEqual(try browser.run("return location.search").text, "")
  }

  func testItIsSearchedFilteredAndSorted() throws {
    try signIn(as: links.owner)
    try browser.press("/")
    try browser.type("Page 77777")
    try browser.waitFor("1 link\n")
    try assertLinks(77_777...77_777)
    try browser.open("/dashboard/links?tag=some")
    try browser.waitFor("100 links")
    try browser.waitFor("/\(links.code(100_000))\n")
    try browser.waitFor("/\(links.code(51_000))\n")
    try browser.assertModest()
    try browser.open("/dashboard/links?from=2026-01-02&to=2026-01-02")
    try browser.waitFor("1,440 links")
    try browser.open("/dashboard/links?sort=dateCreated-ASC")
    try browser.waitFor("/\(links.code(50))\n")
    try browser.open("/dashboard/tags")
    try browser.wait("document.querySelector('tbody .number')?.innerText === '100'")
  }
}
