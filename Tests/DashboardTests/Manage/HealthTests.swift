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

  func testOthersAreToldWhyNot() throws {
    try signIn("health")
    try browser.waitFor("Your key can’t see health")
    try browser.inspect("health-denied")
  }
}
