import TestSupport
import XCTest

/// What a browser remembers, and how the instance is set up.
final class SettingsTests: DashboardTestCase {
  func testTheyAreKeptAndTakenBack() throws {
    try signIn("settings")
    try browser.waitFor("This instance")
    try browser.waitFor(TestStack.value("BASE_URL"))
    try browser.inspect("settings")
    try browser.choose("dark", of: "Theme")
    try browser.choose("America/New_York", of: "Time zone")
    try browser.choose("20", of: "Rows of a page")
    try browser.click(script: "return document.querySelectorAll('main [type=checkbox]')[1]")
    try browser.reload()
    try browser.waitUntilReady()
    XCTAssertEqual(try browser.value("Theme"), "dark")
    XCTAssertEqual(try browser.value("Time zone"), "America/New_York")
    XCTAssertEqual(try browser.value("Rows of a page"), "20")
    try browser.run("document.activeElement.blur()")
    try browser.press("?", "/")
    try browser.waitUntilReady()
    XCTAssertEqual(try browser.run("return document.querySelectorAll('dialog').length").number, 0)
    XCTAssertEqual(try browser.run("return document.activeElement.tagName").text, "BODY")
    try browser.click("Reset")
    try browser.waitFor("All is as at first.")
    XCTAssertEqual(try browser.value("Theme"), "")
    XCTAssertEqual(try browser.value("Time zone"), "")
    try browser.run("document.activeElement.blur()")
    try browser.press("?")
    try browser.waitFor("Keyboard shortcuts")
  }

  func testByKeyboardAlone() throws {
    try signIn()
    try browser.press("g", "s")
    try browser.waitFor("This instance")
    try browser.focus("Search links")
    try browser.press("Tab", "Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "Theme")
    try browser.type("Dark")
    try browser.wait("document.documentElement.dataset.theme === 'dark'")
  }
}
