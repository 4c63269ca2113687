import TestSupport
import XCTest

/// What the form of a link keeps: what is typed, and what others have changed.
final class LinkEditorKeepsTests: DashboardTestCase {
  /// Opens or closes a part of the form.
  private func openPart(_ title: String) throws {
    try browser.click(
      script: """
        return [...document.querySelectorAll('summary')].find((part) => part.innerText.startsWith('\(title)'))
        """)
  }

  func testRulesThatOthersChangedMeanwhileAreKept() throws {
    let code = try person.make("https://example.com/everybody")
    try signIn("links/\(code)/edit")
    try openPart("Rules")
    try browser.click("Rule")
    try browser.fill("Rule 1 leads to", with: "https://example.com/mine")
    try save()
    try browser.fill("Title", with: "After the rules")
    try save()
    try person.ask(
      "POST", "short-urls/\(code)/redirect-rules",
      """
      {"redirectRules":[{"longUrl":"https://example.com/theirs",
        "conditions":[{"type":"device","matchKey":null,"matchValue":"ios"}]}]}
      """)
    try browser.fill("Title", with: "Beside theirs")
    try browser.click("Save")
    try browser.waitFor("Their changes are in the form beside yours.")
    XCTAssertEqual(try browser.value("Rule 1 leads to"), "https://example.com/theirs")
    try save()
    try person.ask(
      "POST", "short-urls/\(code)/redirect-rules", #"{"redirectRules":[]}"#)
    try browser.fill("Rule 1 leads to", with: "https://example.com/again")
    try browser.click("Save")
    try browser.waitFor("Rules: theirs is 0 rules")
    XCTAssertEqual(try browser.value("Rule 1 leads to"), "https://example.com/again")
    try browser.inspect("editor-conflict-rules")
    try save()
    let stored = try person.ask("GET", "short-urls/\(code)/redirect-rules")["redirectRules"]
    XCTAssertEqual(
      try stored.elements.map { try $0["longUrl"].text }, ["https://example.com/again"])
    XCTAssertEqual(
      try person.ask("GET", "short-urls/\(code)")["title"].text, "Beside theirs")
  }

  func testATypedTagIsTakenWhenItsFieldIsLeftOrTheFormSaved() throws {
    try person.make("https://example.com/tagged", #""tags":["summer-sale"]"#)
    let code = try person.make("https://example.com/untagged")
    try signIn("links/\(code)/edit")
    try browser.focus("Tags")
    try browser.type("summer")
    try browser.wait("document.querySelector('dialog [role=option]')")
    try browser.press("Tab")
    try browser.waitFor("Not saved yet")
    XCTAssertEqual(try browser.run("return document.activeElement.tagName").text, "SUMMARY")
    try browser.focus("Tags")
    try browser.type("winter")
    try browser.press("Control+Enter")
    try browser.waitUntilSaid("Saved.")
    XCTAssertEqual(
      try person.ask("GET", "short-urls/\(code)")["tags"].texts, ["summer", "winter"])
  }

  func testWhatIsTypedDuringASaveStays() throws {
    let code = try person.make("https://example.com/slow")
    try signIn("links/\(code)/edit")
    try holdChanges()
    try browser.fill("Title", with: "One")
    try browser.press("Control+Enter")
    try browser.wait("window.letGo")
    try browser.type(" and two")
    try browser.run("letGo()")
    try browser.waitUntilSaid("Saved.")
    XCTAssertEqual(try person.ask("GET", "short-urls/\(code)")["title"].text, "One")
    XCTAssertEqual(try browser.value("Title"), "One and two")
    try browser.press("Escape")
    try browser.waitFor("Discard your changes?")
  }

  func testAURLThatIsTypedWhileAnotherIsShortenedStays() throws {
    try signIn("overview")
    try holdChanges()
    try browser.fill("Long URL", with: "https://example.com/one")
    try browser.press("Enter")
    try browser.wait("window.letGo")
    try browser.type("-two")
    try browser.run("letGo()")
    try browser.waitFor("leads to example.com/one")
    XCTAssertEqual(try browser.value("Long URL"), "https://example.com/one-two")
    XCTAssertEqual(try browser.focused(), "Long URL")
  }

  func testAHalfTypedDateIsNotSavedAsNone() throws {
    let code = try person.make("https://example.com/dated", #""title":"Before""#)
    try signIn("links/\(code)/edit")
    try browser.fill("Title", with: "After")
    try openPart("Validity")
    try browser.focus("Works until")
    try browser.type("01")
    try openPart("Validity")
    try browser.click("Save")
    try browser.wait("document.activeElement.validity?.badInput")
    XCTAssertEqual(try browser.focused(), "Works until")
    XCTAssertEqual(try person.ask("GET", "short-urls/\(code)")["title"].text, "Before")
    try browser.inspect("editor-half-date")
  }

  func testTheDomainThatIsAskedForIsShownAndTaken() throws {
    let estate = try Estate()
    let owner = try estate.person()
    try signIn(as: owner, "links/new?slug=offer&domain=\(estate.domain)")
    try browser.fill("Long URL", with: "https://example.com/offer")
    XCTAssertEqual(try browser.value("Domain"), estate.domain)
    try browser.waitFor("offer is free")
    XCTAssertEqual(try browser.value("Domain"), estate.domain)
    try browser.click("Make link")
    try browser.waitFor("Your link is ready")
    let link = try owner.ask("GET", "short-urls/offer?domain=\(estate.domain)")
    XCTAssertEqual(try link["longUrl"].text, "https://example.com/offer")
  }

  func testWhoOnlyMakesLinksIsOfferedNoEdit() throws {
    let maker = try Estate().person(["--scope", "create-only"])
    try signIn(as: maker, "links/new")
    try browser.waitFor("Make link")
    let parts = try browser.run(
      "return [...document.querySelectorAll('dialog summary h3')].map((part) => part.innerText)")
    XCTAssertEqual(try parts.texts, ["UTM", "Validity", "Redirect"], "no rules")
    try browser.fill("Long URL", with: "https://example.com/made")
    try browser.click("Make link")
    try browser.waitFor("Your link is ready")
    let ways = try browser.run(
      "return [...document.querySelectorAll('dialog footer .button')].map((one) => one.innerText)")
    XCTAssertEqual(try ways.texts, ["Make another", "Done"])
  }

  /// Saves, and waits until all is saved.
  private func save() throws {
    try browser.click("Save")
    try browser.waitUntilGone("Not saved yet")
  }

  /// Holds each change back until the page is told to let it go.
  private func holdChanges() throws {
    try browser.run(
      """
      const send = window.fetch;
      window.fetch = async (url, init) => {
        if (init.method !== "GET") await new Promise((go) => { window.letGo = go; });
        return send(url, init);
      };
      """)
  }
}
