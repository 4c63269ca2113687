import TestSupport
import XCTest

/// The first page.
final class OverviewTests: NumbersTestCase {
  func testItIsTheFirstPageAndSaysHowToBegin() throws {
    try signIn("")
    try browser.waitFor("Three steps")
    XCTAssertEqual(
      try browser.run("return location.pathname").text, "/dashboard/overview")
    try browser.inspect("overview-empty")
  }

  func testALinkIsMadeCopiedFollowedAndSeenByKeyboardAlone() throws {
    try signIn("overview")
    try browser.focus("Long URL")
    try browser.type("example.com/by-keyboard?x=1")
    try browser.press("Enter")
    try browser.waitFor("leads to example.com/by-keyboard?x=1")
    XCTAssertEqual(try browser.focused(), "Copy")
    try browser.press("Enter")
    try browser.waitFor("Copied")
    try browser.focus("Long URL")
    try browser.press("Control+v")
    let short = try browser.value("Long URL")
    let code = try XCTUnwrap(short.split(separator: "/").last.map(String.init))
    XCTAssertEqual(short, "\(browser.baseURL)/\(code)")
    try follow(code)
    try waitFor(figure: "Clicks", "1")
    XCTAssertEqual(try figure("Links"), "1")
    try browser.waitFor("Newest")
    try browser.inspect("overview")
  }

  func testARefusedURLIsToldBesideTheField() throws {
    try signIn("overview")
    try browser.fill("Long URL", with: "https://user:password@example.com/")
    try browser.click("Shorten")
    try browser.wait("document.querySelector('.shorten [aria-invalid=true]')")
    XCTAssertEqual(try browser.value("Long URL"), "https://user:password@example.com/")
    try browser.inspect("overview-refused")
  }

  func testAPastedURLThatHasALinkLeadsToIt() throws {
    let code = try person.make("https://example.com/again")
    try signIn("overview")
    try browser.fill("Long URL", with: "https://example.com/again")
    try browser.press("Enter")
    try browser.waitFor("leads to example.com/again")
    XCTAssertTrue(
      try browser.run("return document.querySelector('.made a').innerText").text.hasSuffix(code))
    try browser.click(script: "return document.querySelector('.made a')")
    try browser.wait("document.title.includes(arguments[0][0])", code)
  }

  func testItStaysWithinTheBudgetOfAFirstVisit() throws {
    try person.make("https://example.com/one")
    try signIn("overview")
    try browser.open("/dashboard/overview")
    try browser.wait("document.querySelector('svg[role=img]')")
    let sizes = try browser.run(
      """
      const entries = performance.getEntriesByType("resource");
      const scripts = entries.filter((entry) => entry.name.includes(".js"));
      return [entries.length + 1, scripts.reduce((sum, entry) => sum + entry.encodedBodySize, 0), document.querySelectorAll("*").length];
      """
    ).elements.map { try $0.number }
    XCTAssertLessThanOrEqual(sizes[0], 32, "requests")
    XCTAssertLessThanOrEqual(sizes[1], 30_000, "scripts, packed")
    XCTAssertLessThanOrEqual(sizes[2], 3000, "nodes")
  }
}
