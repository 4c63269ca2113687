import TestSupport
import XCTest

/// How people come in and go.
final class SignInTests: DashboardTestCase {
  func testAKeySignsInAndIsKeptNowhereInThePage() throws {
    try browser.open("/dashboard/links")
    try browser.waitFor("Sign in to")
    try browser.inspect("sign-in")
    try browser.fill("API key", with: person.key)
    try browser.click("Sign in")
    try browser.waitFor("No links yet")
    XCTAssertEqual(try browser.run("return document.cookie").text, "")
    let stored = try browser.run(
      "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])"
    ).text
    XCTAssertFalse(stored.contains("swl_"), stored)
    try browser.reload()
    try browser.waitFor("No links yet")
  }

  func testByKeyboardAlone() throws {
    try browser.open("/dashboard/")
    try browser.wait(
      "document.activeElement.name === 'key' || document.querySelector('[name=key]')")
    try browser.focus("API key")
    try browser.type(person.key)
    try browser.press("Enter")
    try browser.waitFor("Three steps")
    XCTAssertTrue(try browser.run("return location.pathname").text.hasPrefix("/dashboard/"))
    try browser.press("Tab")
    XCTAssertEqual(try browser.focused(), "To the content")
  }

  func testAWrongKeyIsToldAndKept() throws {
    try browser.open("/dashboard/")
    try browser.fill("API key", with: "swl_" + String(repeating: "x", count: 40))
    try browser.press("Enter")
    try browser.waitFor("This key is not accepted. It may be mistyped, disabled or expired.")
    XCTAssertEqual(try browser.value("API key").count, 44)
    let said = try browser.run("return document.querySelector('.field [role=alert]').innerText")
    XCTAssertTrue(try said.text.hasPrefix("This key is not accepted."))
    try browser.inspect("sign-in-wrong")
  }

  func testALinkOfTheCommandLineAsksAndThenSignsInOnce() throws {
    let link = try Person.swiftlet(["key", "sign-in", person.name])
    let fragment = try XCTUnwrap(link.split(separator: "/").last)
    try browser.open("/dashboard/\(fragment)")
    try browser.waitFor("It works once.")
    XCTAssertEqual(try browser.run("return location.href").text, browser.baseURL + "/dashboard/")
    try browser.inspect("sign-in-code")
    try browser.click("Sign in")
    try browser.waitFor("Three steps")
    try browser.command("Network.clearBrowserCookies")
    try browser.open("/dashboard/missing")
    try browser.open("/dashboard/\(fragment)")
    try browser.waitFor("It works once.")
    try browser.click("Sign in")
    try browser.waitFor("This link has been used")
  }

  func testSignOutIsSeenByEveryTab() throws {
    try signIn()
    let other = try browser.openTab("/dashboard/links")
    try browser.waitFor("No links yet")
    try browser.click(person.name)
    try browser.click("Sign out")
    try browser.waitFor("Sign in to")
    try browser.closeTab(andShow: other)
    try browser.waitFor("Sign in to")
    try browser.open("/dashboard/links")
    try browser.waitFor("Sign in to")
  }

  func testASessionThatEndedAsksForAKeyAndGoesOn() throws {
    let code = try person.make("https://example.com/kept")
    try signIn()
    try browser.waitFor(code)
    try browser.command("Network.clearBrowserCookies")
    try browser.click("Link")
    try browser.waitFor("Your session has ended")
    try browser.inspect("session-ended")
    try browser.fill("API key", with: person.key)
    try browser.press("Enter")
    try browser.waitUntilGone("Your session has ended")
    try browser.waitFor(code)
  }

  func testAKeyOfOtherLettersIsToldWithoutAsking() throws {
    try browser.open("/dashboard/")
    try browser.fill("API key", with: "swl_ключ")
    try browser.press("Enter")
    try browser.waitFor("This key is not accepted.")
  }

  func testAConnectionThatOthersCanReadIsTold() throws {
    let plain = try browser.runFirst(
      "Object.defineProperty(window, 'isSecureContext', { value: false })")
    defer { try? browser.forget(plain) }
    try browser.open("/dashboard/")
    try browser.waitFor("This connection is not encrypted.")
    try browser.inspect("sign-in-plain")
    try signIn("tags")
    try browser.waitFor("This connection is not encrypted.")
    try browser.inspect("plain")
    try browser.forget(plain)
    try browser.reload()
    try browser.waitUntilReady()
    try browser.waitUntilGone("This connection is not encrypted.")
  }

  func testOnlyASessionThatNobodyUsesIsSaidToEnd() throws {
    // To the page, the session that it finds first has little more than two minutes.
    let short = try browser.runFirst(
      """
      const fetched = window.fetch;
      let found = 0;
      window.fetch = async (url, init) => {
        const answer = await fetched(url, init);
        if (!answer.ok || !url.endsWith("/session") || found++) return answer;
        return Response.json({ ...await answer.json(), expires: new Date(Date.now() + 128_000) });
      };
      """)
    defer { try? browser.forget(short) }
    try signIn("tags")
    try browser.waitUntilSaid("Your session ends in two minutes.")
    try browser.click("Stay signed in")
    try browser.waitUntilGone("Your session ends in two minutes.")
    try browser.reload()
    try browser.waitUntilReady()
    try browser.run("const now = Date.now; Date.now = () => now() + 90_000")
    try browser.press("g", "l")
    try browser.wait(
      """
      performance.getEntriesByType("resource")
        .filter(({ name }) => name.endsWith("/rest/v3/session")).length === 2
      """)
    try browser.waitUntilReady()
    try browser.waitUntilGone("Your session ends in two minutes.")
  }

  func testWhatIsTypedStaysUntilAnyKeySignsInAgain() throws {
    let code = try person.make("https://example.com/typed")
    let other = try Person([])
    try signIn("links/\(code)/edit")
    try browser.fill("Title", with: "Half a sentence")
    try browser.command("Network.clearBrowserCookies")
    try browser.click("Save")
    try browser.waitFor("Your session has ended")
    try browser.press("Escape")
    try browser.fill("API key", with: other.key)
    try browser.press("Enter")
    try browser.waitUntilSaid("Saved.")
    XCTAssertEqual(try browser.value("Title"), "Half a sentence")
    XCTAssertEqual(
      try person.ask("GET", "short-urls/\(code)")["title"].text, "Half a sentence")
  }

  func testWhatIsTypedStaysWhenAnotherTabSignsOut() throws {
    let code = try person.make("https://example.com/typed")
    try signIn("links/\(code)/edit")
    try browser.fill("Title", with: "Half a sentence")
    try browser.run("new BroadcastChannel('swiftlet').postMessage('out')")
    try browser.waitFor("Your session has ended")
    try browser.click("Sign out")
    try browser.waitFor("Discard your changes?")
    try browser.click("Keep editing")
    try browser.fill("API key", with: person.key)
    try browser.press("Enter")
    try browser.waitUntilGone("Your session has ended")
    XCTAssertEqual(try browser.value("Title"), "Half a sentence")
    try browser.run("new BroadcastChannel('swiftlet').postMessage('out')")
    try browser.waitFor("Your session has ended")
    try browser.click("Sign out")
    try browser.click("Discard")
    try browser.waitFor("Sign in to")
  }
}
