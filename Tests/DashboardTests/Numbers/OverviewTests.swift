import Foundation
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
    // The focus moves a moment after the link is drawn.
    try browser.wait("document.activeElement.innerText === 'Copy'")
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

  func testLinksThatNeedALookAreToldAndLedTo() throws {
    _ = try makeLink("calm")
    try signIn("overview")
    try browser.waitFor("calm-")
    try browser.waitUntilReady()
    try browser.waitUntilGone("Needs a look")
    func days(_ count: Double) -> String {
      Date(timeIntervalSinceNow: count * 86_400).formatted(.iso8601)
    }
    _ = try makeLink("later", #""validUntil":"\#(days(8))""#)
    for word in ["soon", "sooner"] { _ = try makeLink(word, #""validUntil":"\#(days(6))""#) }
    let spent = try makeLink("spent", #""maxVisits":1"#).code
    try follow(spent)
    try browser.reload()
    try browser.waitFor("Needs a look: 2 links ending within 7 days. 1 link used up.")
    try browser.inspect("overview-needs-a-look")
    try browser.run(
      "[...document.querySelectorAll('.note a')].find((one) => one.innerText.startsWith('1')).focus()"
    )
    try browser.press("Enter")
    try waitForQuery("?state=exhausted")
    try browser.waitFor("1 link\n")
    try browser.waitFor(spent)
    try browser.back()
    try browser.click("2 links ending within 7 days")
    try waitForQuery("?state=ending")
    try browser.waitFor("2 links\n")
    XCTAssertEqual(
      try browser.run("return document.querySelector('[aria-label=State]').selectedOptions[0].text")
        .text,
      "Ends within 7 days")
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
