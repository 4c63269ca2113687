import TestSupport
import XCTest

/// The state of engines, clicks and programs.
final class HealthTests: DashboardTestCase {
  func testAnAdministratorSeesItAndItIsReadAgain() throws {
    let operatorOfAll = try Person([])
    try signIn(as: operatorOfAll)
    try browser.press("g", "h")
    try browser.waitFor("The way of clicks")
    try browser.waitFor("PostgreSQL")
    try browser.waitFor("0 clicks dropped")
    try browser.inspect("health")
    try browser.wait(
      """
      performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/status"))
        .length > 1
      """)
  }

  func testWithoutClickHouseItSaysSoAndThatItIsBack() throws {
    let site = try OwnSite()
    try signIn(at: site, "health")
    try waitFor(fact: "ClickHouse", "answers within ")
    try browser.waitUntilGone("Numbers can’t be shown now.")
    site.proxy.mode = .refuse
    site.proxy.cut()
    try waitFor(fact: "ClickHouse", "away: unavailable")
    try browser.waitFor("Numbers can’t be shown now. Redirects don’t need them")
    try browser.inspect("health-clickhouse-away")
    site.proxy.mode = .pass
    try waitFor(fact: "ClickHouse", "answers within ")
    try browser.waitUntilGone("Numbers can’t be shown now.")
  }

  /// Waits until a line of the page begins so.
  private func waitFor(fact name: String, _ text: String) throws {
    try browser.wait(
      """
      [...document.querySelectorAll(".facts div")].some((line) =>
        line.querySelector("dt").textContent === arguments[0][0]
          && line.querySelector("dd").innerText.startsWith(arguments[0][1]))
      """, name, text)
  }

  func testOthersAreToldWhyNot() throws {
    try signIn("health")
    try browser.waitFor("Your key can’t see health")
    try browser.inspect("health-denied")
  }
}
