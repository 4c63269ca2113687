import TestSupport
import XCTest

/// What the views of numbers show when something is not as it should be.
final class NumberStatesTests: NumbersTestCase {
  func testARefusalIsToldAndTheRestGoesOn() throws {
    let (code, id) = try makeLink()
    try StoredClicks.store(of: id, at: [1_780_338_000])
    try signIn("links/\(code)?from=2026-01-01&to=2026-12-31&by=hour")
    try browser.waitFor("Try again")
    try browser.waitFor("1 in this range")
    try browser.inspect("link-refused")
    try browser.click("All")
    try waitFor(figure: "Clicks", "1")
    try browser.waitUntilGone("Try again")
  }

  func testWithoutANetworkTheNumbersStay() throws {
    let (code, id) = try makeLink()
    try StoredClicks.store(of: id, at: [1_780_338_000])
    try signIn("links/\(code)?range=all")
    try waitFor(figure: "Clicks", "1")
    try setNetwork(isOffline: true)
    try browser.waitFor("No connection to")
    XCTAssertEqual(try figure("Clicks"), "1")
    try browser.inspect("link-offline")
    try setNetwork()
    try browser.waitUntilGone("No connection to")
    try follow(code)
    try waitFor(figure: "Clicks", "2")
  }

  func testASlowAnswerIsToldAndCanBeCancelled() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)?range=7d")
    try browser.wait("document.querySelector('svg[role=img]')")
    try setNetwork(delay: 20_000)
    try browser.click("12 months")
    try browser.waitFor("This takes longer than usual…")
    try browser.inspect("link-slow")
    try browser.click("Cancel")
    try setNetwork()
    try browser.waitUntilGone("This takes longer than usual…")
  }

  func testAPanelWithoutAnAnswerSaysSoAlone() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    try browser.wait("document.querySelector('svg[role=img]')")
    try browser.command("Network.enable")
    try browser.command("Network.setBlockedURLs", ["urls": ["*/rest/v3/analytics*"]])
    defer { _ = try? browser.command("Network.setBlockedURLs", ["urls": [String]()]) }
    try browser.click("7 days")
    try browser.waitFor("No connection")
    XCTAssertEqual(try figure("Clicks"), "", "no number of another range")
    try browser.inspect("link-away")
  }
}
