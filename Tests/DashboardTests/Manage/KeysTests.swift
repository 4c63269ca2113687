import TestSupport
import XCTest

/// API keys, and where one's own is signed in.
final class KeysTests: DashboardTestCase {
  private var estate: Estate!
  private var owner: Person!
  private var http: HTTPClient!

  override func setUpWithError() throws {
    try super.setUpWithError()
    estate = try Estate()
    owner = try estate.person()
    http = try HTTPClient.site()
  }

  /// How the API answers a key.
  private func status(of key: String) throws -> Int {
    try http.request("GET", "/rest/v3/tags", [("X-Api-Key", key)]).status
  }

  func testAKeyIsMadeOnceUsedChangedAndDeleted() throws {
    try signIn(as: owner, "keys")
    try browser.waitFor("1 key")
    try browser.click("New key")
    try browser.waitFor("With nothing ticked")
    try browser.inspect("key-new")
    try browser.fill("Name", with: owner.name)
    try browser.click("Make the key")
    try browser.waitFor("Another API key has this name.")
    try browser.fill("Name", with: "reports")
    try browser.click(script: "return document.querySelector('dialog [value=read-only]')")
    try browser.fill("Requests a minute", with: "600")
    try browser.click("Make the key")
    try browser.waitFor("The key of reports")
    XCTAssertEqual(try browser.focused(), "Copy")
    let key = try browser.value("API key")
    try browser.press("Enter")
    try browser.waitFor("Copied")
    XCTAssertEqual(try status(of: key), 200)
    try browser.press("Escape")
    try browser.waitFor("Have you stored the key?")
    try browser.click("Show it again")
    XCTAssertEqual(try browser.value("API key"), key)
    try browser.click("I have stored it")
    try browser.waitUntilGone("The key of reports")
    XCTAssertFalse(try browser.run("return document.body.outerHTML").text.contains(key))
    try browser.waitFor("600 requests a minute")
    try browser.inspect("keys")

    try browser.choose("Disable", inMenuOf: "reports")
    try browser.waitFor("reports is disabled.")
    XCTAssertTrue(try eventually(seconds: 20) { try status(of: key) == 401 })
    try browser.choose("Enable", inMenuOf: "reports")
    try browser.waitFor("reports is enabled.")
    XCTAssertTrue(try eventually(seconds: 20) { try status(of: key) == 200 })
    try browser.choose("Edit", inMenuOf: "reports")
    try browser.waitFor("With nothing ticked")
    XCTAssertEqual(try browser.value("Requests a minute"), "600")
    try browser.fill("Name", with: "press")
    try browser.fill("Requests a minute", with: "0")
    try browser.click("Save")
    try browser.fill("Requests a minute", with: "")
    try browser.click("Save")
    try browser.waitFor("press is saved.")
    try browser.waitUntilGone("600 requests a minute")

    try browser.choose("New secret", inMenuOf: "press")
    try browser.click("Give a new one")
    try browser.waitFor("The key of press")
    let other = try browser.value("API key")
    XCTAssertNotEqual(other, key)
    XCTAssertTrue(try eventually(seconds: 20) { try status(of: key) == 401 })
    XCTAssertEqual(try status(of: other), 200)
    try browser.click("I have stored it")
    try browser.choose("Delete", inMenuOf: "press")
    try browser.waitFor("Who uses this key is refused at once.")
    if try browser.run("return !!document.querySelector('dialog input')").isTrue {
      try browser.type("press")
    }
    try browser.click("Delete")
    try browser.waitFor("press is deleted.")
    XCTAssertTrue(try eventually(seconds: 20) { try status(of: other) == 401 })
  }

  func testByKeyboardAlone() throws {
    try signIn(as: owner)
    try browser.press("g", "k")
    try browser.waitFor("1 key")
    try browser.focus("Search links")
    try browser.press("Tab", "Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "New key")
    try browser.press("Enter")
    try browser.waitFor("With nothing ticked")
    try browser.type("by keys")
    try browser.press("Tab", " ", "Enter")
    try browser.waitFor("The key of by keys")
    try browser.press("Tab", "Enter")
    try browser.waitUntilGone("The key of by keys")
    try browser.waitFor("2 keys")
    try browser.press("j", "j")
    try browser.deleteRow(asking: "Who uses this key is refused at once.")
    try browser.waitFor("by keys is deleted.")
  }

  func testOnesOwnKeyIsMarkedAndCanNotBeTakenAway() throws {
    try signIn(as: owner, "keys")
    try browser.waitFor("yours")
    try browser.click("Actions for \(owner.name)")
    try browser.waitFor("New secret")
    let text = try browser.run("return document.querySelector('[role=menu]').innerText").text
    XCTAssertFalse(text.contains("Disable") || text.contains("Delete"), text)
    try browser.click("New secret")
    try browser.waitFor("sign in again with the new one")
    try browser.click("Give a new one")
    try browser.waitFor("The key of \(owner.name)")
    let key = try browser.value("API key")
    try browser.click("I have stored it")
    let isAsked = try eventually(seconds: 20) {
      for page in ["t", "k"] {
        try browser.press("g", page)
        try browser.waitUntilReady()
      }
      return try browser.run("return !!document.querySelector('dialog[open]')").isTrue
    }
    XCTAssertTrue(isAsked)
    try browser.fill("API key", with: key)
    try browser.press("Enter")
    try browser.waitUntilGone("Your session has ended")
    try browser.open("/dashboard/keys")
    try browser.waitFor("yours")
  }

  /// What the first session of this browser, or of another one, is called.
  private func session(isOwn: Bool) throws -> String {
    let label = try browser.run(
      """
      const rows = [...document.querySelectorAll("main section tbody tr")];
      const row = rows.find((one) => one.innerText.includes("this one") === arguments[0]);
      return row.querySelector("[aria-label]").getAttribute("aria-label");
      """, isOwn
    ).text
    return String(label.dropFirst("Actions for ".count))
  }

  func testSessionsAreListedAndEnded() throws {
    try startSession(of: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1")
    try signIn(as: owner, "keys")
    try browser.waitFor("Chrome on Linux")
    try browser.waitFor("Safari on iPhone")
    try browser.inspect("sessions")
    try browser.choose("End it", inMenuOf: session(isOwn: false))
    try browser.waitFor("It has ended.")
    try browser.waitUntilGone("Safari on iPhone")
    try browser.choose("Sign out", inMenuOf: session(isOwn: true))
    try browser.waitFor("Sign in to")
  }

  func testOthersSeeOnlyTheirSessions() throws {
    try signIn(as: estate.person(["--authored-only"]), "keys")
    try browser.waitFor("Your key can’t see keys")
    try browser.waitFor("this one")
    try browser.inspect("keys-denied")
  }

  func testASecretIsNotLostByGoingBack() throws {
    try signIn(as: owner, "tags")
    try browser.press("g", "k")
    try browser.waitFor("1 key")
    try browser.click("New key")
    try browser.fill("Name", with: "kept")
    try browser.click("Make the key")
    try browser.waitFor("The key of kept")
    let key = try browser.value("API key")
    try browser.back()
    try browser.waitFor("Have you stored the key?")
    try browser.click("Show it again")
    XCTAssertEqual(try browser.value("API key"), key)
    try browser.click("I have stored it")
    try browser.press("g", "t")
    try browser.wait("location.pathname.endsWith('/tags')")
  }

  func testBrowsersHaveTheNamesThatPeopleKnow() throws {
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36"
    try startSession(of: "\(chrome) Edg/140.0")
    try startSession(of: "\(chrome) OPR/120.0")
    try signIn(as: owner, "keys")
    try browser.waitFor("Edge on Windows")
    try browser.waitFor("Opera on Windows")
  }

  /// Signs in as another browser does.
  private func startSession(of agent: String) throws {
    let answer = try http.request(
      "POST", "/rest/v3/session",
      [
        ("X-Api-Key", owner.key), ("Content-Type", "application/json"), ("User-Agent", agent),
      ],
      body: Array("{}".utf8))
    XCTAssertEqual(answer.status, 201, answer.text)
  }
}
