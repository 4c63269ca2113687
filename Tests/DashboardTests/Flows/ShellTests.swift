import TestSupport
import XCTest

/// What every page has: the way through it, the keys, the theme, the network.
final class ShellTests: DashboardTestCase {
  func testTheFirstVisitAsksForFewFiles() throws {
    try signIn()
    try browser.open("/dashboard/links")
    try browser.waitUntilReady()
    let sizes = try browser.run(
      """
      const entries = performance.getEntriesByType("resource");
      const scripts = entries.filter((entry) => entry.name.includes(".js"));
      return [entries.length + 1, scripts.reduce((sum, entry) => sum + entry.encodedBodySize, 0)];
      """
    ).elements
    XCTAssertLessThanOrEqual(try sizes[0].number, 32, "requests")
    XCTAssertLessThanOrEqual(try sizes[1].number, 30_000, "scripts of the first view, packed")
  }

  func testKeysGoWhereTheirListSays() throws {
    try signIn()
    try browser.press("?")
    try browser.waitFor("Keyboard shortcuts")
    try browser.waitFor("Go to Links")
    try browser.inspect("shortcuts")
    try browser.press("Escape")
    try browser.waitUntilGone("Go to Links")
    try browser.press("/")
    XCTAssertEqual(try browser.focused(), "Search links")
    try browser.type("cgl?")
    XCTAssertEqual(try browser.value("Search links"), "cgl?", "in a field they are letters")
  }

  func testAnUnknownPageSaysSo() throws {
    try signIn("nowhere")
    try browser.waitFor("There is no such page")
    try browser.inspect("not-found")
  }

  func testTheThemeIsKept() throws {
    try signIn()
    try browser.click(person.name)
    try browser.click("Dark")
    try browser.reload()
    try browser.waitUntilReady()
    let ground = "getComputedStyle(document.body).backgroundColor"
    XCTAssertEqual(try browser.run("return \(ground)").text, "rgb(20, 22, 26)")
    try browser.inspect("theme")
  }

  func testWithoutANetworkTheOldDataStaysAndItGoesOnByItself() throws {
    let code = try person.make("https://example.com/seen")
    try signIn()
    try browser.waitFor(code)
    try browser.setOffline(true)
    try browser.click("Link")
    try browser.waitFor("No connection to")
    try browser.waitFor(code)
    try browser.inspect("offline")
    try browser.setOffline(false)
    try browser.waitUntilGone("No connection to")
    try browser.waitFor(code)
  }
}
