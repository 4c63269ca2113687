import TestSupport
import XCTest

/// The page of a link: its figures, its chart, and how the range is chosen.
final class LinkPageTests: NumbersTestCase {
  /// A link with one click by a person on each of the last 40 days, and a bot every tenth.
  private func makeCounted() throws -> String {
    let (code, id) = try makeLink()
    try StoredClicks.store(
      of: id,
      """
      SELECT now() - 60 - 86400 * number AS second, number % 10 = 9 AS bot,
        if(number % 2 = 0, '', 'news.example') AS host, concat('192.0.2.', toString(number)) AS address
      FROM numbers(40)
      """)
    return code
  }

  func testItsFiguresChartAndReferrersAgree() throws {
    let code = try makeCounted()
    try signIn("links/\(code)?range=all&tz=UTC")
    try waitFor(figure: "Clicks", "36")
    XCTAssertEqual(try figure("Visitors"), "36")
    try assert(chart(), has: "Clicks: 36 from ")
    try browser.waitFor("news.example")
    try browser.press("b")
    try waitFor(figure: "Clicks", "40")
    XCTAssertEqual(try figure("By people"), "36")
    XCTAssertEqual(try figure("By bots"), "4")
    try assert(chart(), has: "Clicks: 40 from ")
    let rows = try browser.run(
      "return [...document.querySelectorAll('.bars tbody tr')].map((row) => row.innerText.replace(/\\s+/g, ' '))"
    ).texts
    XCTAssertEqual(rows, ["news.example 20 50 %", "Direct or unknown 20 50 %"])
    try browser.waitFor("40 in this range")
    try browser.inspect("link")
  }

  func testTheRangeIsChosenByClicksAndTheAddressHasIt() throws {
    let code = try makeCounted()
    try signIn("links/\(code)?tz=UTC")
    try waitFor(figure: "Clicks", "27")
    try browser.click("7 days")
    try waitForQuery("?tz=UTC&range=7d")
    try waitFor(figure: "Clicks", "7")
    try browser.click("Period before")
    try browser.wait("location.search.includes('from=')")
    try waitFor(figure: "Clicks", "6")
    try browser.click("Period after")
    try waitFor(figure: "Clicks", "7")
    try browser.back()
    try waitFor(figure: "Clicks", "6")
    try browser.click("Custom")
    try browser.inspect("range")
    try browser.press("Escape")
    try browser.click("12 months")
    try waitFor(figure: "Clicks", "36")
    try assert(query(), has: "range=1y")
  }

  func testTheRangeIsChosenByKeysAndByTheReadingLine() throws {
    let code = try makeCounted()
    try signIn("links/\(code)?tz=UTC")
    try browser.press("7")
    try waitForQuery("?tz=UTC&range=7d")
    try browser.press("a")
    try browser.press("3")
    try waitFor(figure: "Clicks", "27")
    try focusChart()
    try browser.press("Home")
    try assert(reading(), has: ": People 0, Range before 0")
    try browser.press("ArrowRight", "ArrowRight")
    try assert(reading(), has: ": People 1, ")
    try browser.press("Shift+ArrowRight", "Shift+ArrowRight")
    try browser.waitFor("Enter shows this range alone")
    try browser.inspect("chart-chosen")
    try focusChart()
    try browser.press("Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    try browser.wait("location.search.includes('from=')")
    try waitFor(figure: "Clicks", "3")
    try browser.press("[")
    try browser.press("]")
    try waitFor(figure: "Clicks", "3")
    try browser.wait("location.pathname.endsWith(arguments[0][0])", "links/\(code)")
  }

  func testADragOverTheChartShowsThatRangeAlone() throws {
    let code = try makeCounted()
    try signIn("links/\(code)?tz=UTC&range=30d&bots=1")
    try waitFor(figure: "Clicks", "30")
    try dragOverChart(from: 0.5, to: 0.7)
    try browser.wait("location.search.includes('from=')")
    // There is a click a day.
    let isZoomed = try eventually(seconds: 30) {
      try parts() != "30" && figure("Clicks") == parts()
    }
    XCTAssertTrue(isZoomed, "the figures are not of the days that were chosen")
    try browser.back()
    try waitFor(figure: "Clicks", "30")
  }

  func testTheTableSaysTheSameAsTheChart() throws {
    let code = try makeCounted()
    try signIn("links/\(code)?tz=UTC&range=7d&bots=1&compare=0")
    try waitFor(figure: "Clicks", "7")
    try browser.click("Table")
    let cells = try browser.run(
      "return [...document.querySelectorAll('.chart tbody tr')].map((row) => row.cells[1].innerText)"
    ).texts
    XCTAssertEqual(cells, Array(repeating: "1", count: 7))
    try browser.inspect("chart-table")
  }

  func testNoSuchLinkSaysSoAndOffersToMakeIt() throws {
    try signIn("links/\(person.code("none"))")
    try browser.waitFor("There is no such link")
    try browser.inspect("link-none")
    try browser.click("Make it")
    try browser.wait("location.pathname === '/dashboard/links/new'")
  }

  func testItLeadsToItsEditorItsCodeAndAComparison() throws {
    let code = try makeCounted()
    try signIn("links/\(code)")
    try browser.click("QR code")
    try browser.waitFor("QR code of")
    try browser.press("Escape")
    try browser.click("Compare")
    try browser.waitFor("Each from its first day")
    try browser.back()
    try browser.click("Edit")
    try browser.waitFor("Edit localhost")
    XCTAssertEqual(try browser.value("Long URL"), "https://example.com/\(code)")
    try browser.wait("location.pathname.endsWith('/edit')")
  }

  func testItsEditorStandsAboveAllLinksAndClosesToIt() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)?from=2020-01-01&to=2020-01-02")
    try browser.click("Edit")
    try browser.wait("location.pathname.endsWith('/edit')")
    try browser.waitFor("Long URL")
    try browser.waitFor("1 link")
    try browser.press("Escape")
    try browser.wait("location.pathname.endsWith(arguments[0][0])", "links/\(code)")
    try waitForQuery("?from=2020-01-01&to=2020-01-02")
  }
}
