import TestSupport
import XCTest

/// Visits that met no link, by path.
final class MissingTests: DashboardTestCase {
  private var estate: Estate!
  private var owner: Person!

  override func setUpWithError() throws {
    try super.setUpWithError()
    estate = try Estate()
    owner = try estate.person()
  }

  /// Visits paths of a domain of the estate, and waits until they are counted.
  private func visit(_ paths: [String]) throws {
    let domain = estate.domain
    try owner.ask(
      "PATCH", "domains/redirects",
      #"{"domain":"\#(domain)","baseUrlRedirect":"https://example.com/"}"#)
    XCTAssertTrue(try eventually(seconds: 20) { try estate.visit("/")["location"] != nil })
    for path in paths { _ = try estate.visit(path) }
    let isCounted = try eventually(seconds: 60) {
      let total = try owner.ask("GET", "visits")["visits"]["orphanVisits"]["total"].number
      return total >= paths.count + 1
    }
    XCTAssertTrue(isCounted, "the visits aren't stored")
  }

  func testAPathBecomesALink() throws {
    try visit(["/old-offer", "/old-offer", "/a/b", "/%3Cimg%20src=x%20onerror=alert(1)%3E"])
    try signIn(as: owner, "missing")
    try browser.waitFor("\(estate.domain)/old-offer")
    try browser.inspect("missing")
    XCTAssertEqual(try browser.rows().first, "\(estate.domain)/old-offer", "most visits first")
    try browser.choose("regular_404", of: "Kind")
    try browser.wait("document.querySelectorAll('main tbody tr').length === 1")
    XCTAssertEqual(try browser.rows(), ["\(estate.domain)/a/b"])
    try browser.back()
    try browser.wait("document.querySelectorAll('main tbody tr').length === 4")
    try browser.choose("Make a link of it", inMenuOf: "\(estate.domain)/old-offer")
    try browser.wait("document.querySelector('dialog[open]')")
    try waitForEditor(of: "old-offer")
    try browser.inspect("missing-link")
    try browser.press("Escape")
    try browser.wait("!document.querySelector('dialog[open]')")
  }

  func testNoneIsDeletedByWhoDoesNotSeeAllDomains() throws {
    try visit(["/kept"])
    try signIn(as: owner, "missing")
    try removeAll()
    try browser.waitFor("None is deleted: your key doesn’t see those of all domains.")
    try browser.waitFor("\(estate.domain)/kept")
  }

  func testAllAreDeletedByKeyboardAloneWhereTheKeySeesAllDomains() throws {
    let site = try OwnSite()
    // The first is the mark of the batch, up to which visits are deleted.
    for (path, scope, count) in [("", "0", 1), ("/old-offer", "3", 2), ("/a/b", "4", 1)] {
      try StoredClicks.store(
        of: scope, code: path, at: site.clickHouse,
        """
        SELECT toUInt32(1700000000 + number) AS second, 0 AS bot, '' AS host,
          '192.0.2.1' AS address FROM numbers(\(count))
        """)
    }
    try signIn(at: site, "links")
    try browser.press("g", "m")
    try browser.waitFor("/old-offer")
    XCTAssertEqual(try browser.rows(), ["/old-offer", "/a/b"])
    try browser.waitFor("Delete all")
    try browser.press("Tab")
    XCTAssertEqual(try browser.focused(), "Delete all")
    try browser.press("Enter")
    try browser.waitFor("Type 3 to go on")
    try browser.type("3")
    try browser.press("Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "Delete")
    try browser.press("Enter")
    try browser.waitFor("3 visits deleted.")
    try browser.waitFor("Nothing is missing")
    try browser.waitUntilGone("Delete all")
    try browser.inspect("missing-deleted")
    try browser.reload()
    try browser.waitFor("Nothing is missing")
  }

  /// Asks for the deletion, and types the number that it asks for.
  private func removeAll() throws {
    try browser.click("Delete all")
    try browser.waitFor("They can’t be restored.")
    try browser.inspect("missing-delete")
    try browser.type("0")
    XCTAssertTrue(
      try browser.run("return document.querySelector('dialog .danger').disabled").isTrue)
    try browser.press("Control+a")
    try browser.type(browser.run("return document.querySelector('dialog label b').innerText").text)
    try browser.click("Delete")
  }

  /// Waits until a new link is edited that has this code.
  private func waitForEditor(of code: String) throws {
    try browser.wait(
      "[...document.querySelectorAll('dialog input')].some((one) => one.value === arguments[0][0])",
      code)
  }

  func testByKeyboardAlone() throws {
    try visit(["/wanted"])
    try signIn(as: owner)
    try browser.press("g", "m")
    try browser.waitFor("\(estate.domain)/wanted")
    try browser.press("f")
    XCTAssertEqual(try browser.focused(), "Kind")
    try browser.press("u")
    try browser.wait("document.querySelectorAll('main tbody tr').length === 1")
    try browser.press("Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "Actions for \(estate.domain)/wanted")
    try browser.press("Enter")
    try browser.wait("document.activeElement.innerText === arguments[0][0]", "Make a link of it")
    try browser.press("Enter")
    try waitForEditor(of: "wanted")
  }

  func testWhoMaySeeNoneIsToldWhy() throws {
    try signIn(as: estate.person(["--no-orphan-visits"]), "missing")
    try browser.waitFor("It has the role NO_ORPHAN_VISITS.")
    try browser.inspect("missing-denied")
    try browser.forget()
    try signIn(as: owner, "missing?page=0")
    try browser.waitFor("Try again")
  }
}
