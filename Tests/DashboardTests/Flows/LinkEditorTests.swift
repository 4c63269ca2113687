import TestSupport
import XCTest

/// The form of a link.
final class LinkEditorTests: DashboardTestCase {
  func testALinkIsMadeWithAllItsPartsByKeyboardAlone() throws {
    let code = person.code("all")
    try signIn()
    try browser.press("c")
    try browser.waitFor("Make link")
    XCTAssertEqual(try browser.focused(), "Long URL")
    try browser.type("https://example.com/whole")
    try browser.press("Tab", "Tab")
    try browser.type(code)
    try browser.waitFor("\(code) is free")
    try browser.press("Tab")
    try browser.type("A title")
    try browser.press("Tab")
    try browser.type("one")
    try browser.press("Enter")
    try browser.type("two,")
    try browser.press("Tab", "Enter")
    try browser.fill("Visits at most", with: "7")
    try browser.inspect("editor-new")
    try browser.press("Control+Enter")
    try browser.waitFor("Your link is ready")
    XCTAssertEqual(try browser.focused(), "Copy")
    try browser.inspect("editor-made")
    try browser.press("Enter")
    try browser.waitFor("Copied")
    let link = try person.ask("GET", "short-urls/\(code)")
    XCTAssertEqual(try link["longUrl"].text, "https://example.com/whole")
    XCTAssertEqual(try link["title"].text, "A title")
    XCTAssertEqual(try link["tags"].texts, ["one", "two"])
    XCTAssertEqual(try link["meta"]["maxVisits"].number, 7)
    XCTAssertEqual(try HTTPClient.site().get("/\(code)")["location"], "https://example.com/whole")
    try browser.press("Escape")
    try browser.waitFor("1 link")
  }

  func testWhetherACodeIsFreeIsToldWhileItIsTyped() throws {
    let code = person.code("taken")
    try person.make("https://example.com/first", #""customSlug":"\#(code)""#)
    try signIn("links/new")
    try browser.fill("Code", with: code)
    try browser.waitFor("\(code) is taken")
    try browser.fill("Code", with: "rest")
    try browser.waitFor("rest is reserved")
    try browser.fill("Code", with: "two words")
    try browser.waitFor("two-words is free")
    try browser.fill("Long URL", with: "https://example.com/first")
    try browser.focus("Title")
    try browser.waitFor("You have this URL as")
    try browser.fill("Code", with: code)
    try browser.click("Make link")
    try browser.waitFor("Another link has this code.")
    try browser.inspect("editor-taken")
    XCTAssertEqual(try browser.value("Long URL"), "https://example.com/first")
  }

  func testARefusalIsToldBesideItsField() throws {
    try signIn("links/new")
    try browser.fill("Long URL", with: "ftp://example.com/")
    try browser.click("Make link")
    try browser.wait("document.querySelector('[aria-invalid=true]')")
    XCTAssertEqual(
      try browser.run("return document.querySelector('[aria-invalid=true]').labels[0].innerText")
        .text,
      "Long URL")
    try browser.inspect("editor-refused")
  }

  func testALinkIsEditedAndWhatOthersChangedMeanwhileIsKept() throws {
    let code = try person.make("https://example.com/before", #""title":"Before""#)
    try signIn("links/\(code)/edit")
    try browser.fill("Title", with: "Mine")
    try person.ask("PATCH", "short-urls/\(code)", #"{"title":"Theirs","tags":["theirs"]}"#)
    try browser.click("Save")
    try browser.waitFor("Somebody else has changed this link meanwhile")
    try browser.waitFor("Use theirs")
    XCTAssertEqual(try browser.value("Title"), "Mine")
    try browser.inspect("editor-conflict")
    try browser.click("Save")
    try browser.waitUntilSaid("Saved.")
    let link = try person.ask("GET", "short-urls/\(code)")
    XCTAssertEqual(try link["title"].text, "Mine")
    XCTAssertEqual(try link["tags"].texts, ["theirs"])
  }

  func testRulesAreMadeTriedAndFollowed() throws {
    let code = try person.make("https://example.com/everybody")
    try signIn("links/\(code)/edit")
    try open(part: "Rules")
    try browser.click("Rule")
    try browser.choose("language", of: "Rule 1, condition 1: kind")
    try browser.fill("Rule 1, condition 1: value", with: "de")
    try browser.fill("Rule 1 leads to", with: "https://example.com/deutsch")
    for (kind, key, value) in Self.conditions {
      try browser.click("Rule")
      let count = try browser.run("return document.querySelectorAll('.rule').length").number
      let label = "Rule \(count), condition 1"
      try browser.choose(kind, of: "\(label): kind")
      if let key { try browser.fill("\(label): parameter", with: key) }
      if let value { try set(value, of: "\(label): value") }
      try browser.fill("Rule \(count) leads to", with: "https://example.com/\(kind)")
    }
    try browser.waitFor("GEO_DB")
    try browser.click("Save")
    try browser.waitUntilSaid("Saved.")
    try browser.fill("Accepted languages", with: "de-AT")
    try browser.click("Try the rules")
    try browser.waitFor("Rule 1 leads to https://example.com/deutsch")
    try browser.inspect("editor-rules")
    let stored = try person.ask("GET", "short-urls/\(code)/redirect-rules")["redirectRules"]
      .elements
    XCTAssertEqual(
      try stored.map { try $0["conditions"].elements[0]["type"].text },
      ["language"] + Self.conditions.map(\.kind))
    let visit = try HTTPClient.site().get("/\(code)", [("Accept-Language", "de")])
    XCTAssertEqual(visit["location"], "https://example.com/deutsch")
  }

  /// Each kind of condition but the language, which the test has tried.
  private static let conditions: [(kind: String, key: String?, value: String?)] = [
    ("device", nil, "ios"), ("browser", nil, "firefox"),
    ("geolocation-country-code", nil, "DE"), ("geolocation-city-name", nil, "Berlin"),
    ("ip-address", nil, "192.0.2.0/24"), ("query-param", "from", "mail"),
    ("any-value-query-param", "from", nil), ("valueless-query-param", "from", nil),
    ("after-date", nil, "2027-01-31T10:00"), ("before-date", nil, "2027-01-31T10:00"),
  ]

  func testTheCampaignIsWrittenIntoTheURLAndReadFromIt() throws {
    try signIn("links/new")
    try browser.press("Tab")
    try browser.wait("document.activeElement.innerText.startsWith('UTM')")
    try browser.press("Enter")
    XCTAssertTrue(
      try browser.run("return [...document.querySelectorAll('.part input')].at(0).disabled").isTrue)
    try browser.press("Shift+Tab")
    try browser.type("https://example.com/p?a=%zz&&b=%E4#end?utm_source=no")
    try browser.press("Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "UTM source")
    try browser.type("news letter")
    try browser.press("Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "UTM campaign")
    try browser.type("a&b ü")
    try browser.inspect("editor-utm")
    let rest = "utm_source=news%20letter&utm_campaign=a%26b%20%C3%BC#end?utm_source=no"
    XCTAssertEqual(
      try browser.value("Long URL"), "https://example.com/p?a=%zz&&b=%E4&" + rest)
    try browser.fill("Long URL", with: "https://example.com/?utm_medium=mail")
    XCTAssertEqual(try browser.value("UTM medium"), "mail")
    XCTAssertEqual(try browser.value("UTM source"), "")
    try browser.waitFor("medium mail")
    try browser.fill("UTM medium", with: "")
    XCTAssertEqual(try browser.value("Long URL"), "https://example.com/")
    try browser.fill("UTM term", with: "x")
    try browser.press("Control+Enter")
    try browser.waitFor("Your link is ready")
    try browser.waitFor("https://example.com/?utm_term=x")
  }

  func testALinkHasAPreviewOrNoneAndIsToldWhenThatHasNoEffect() throws {
    let code = try person.make("https://example.com/preview")
    try signIn("links/\(code)/edit")
    XCTAssertEqual(try HTTPClient.site().get("/\(code)+").status, 200)
    try open(part: "Redirect")
    try browser.waitFor("A + behind the short URL shows where it leads.")
    try browser.focus("Preview")
    try browser.press(" ")
    try browser.press("Control+Enter")
    try browser.waitFor("Saved.")
    XCTAssertFalse(try person.ask("GET", "short-urls/\(code)")["preview"].isTrue)
    XCTAssertEqual(try HTTPClient.site().get("/\(code)+").status, 404)
    try open(part: "Validity")
    try browser.fill("Visits at most", with: "5")
    try browser.waitFor("Without effect: a link with a limit of visits has none.")
    try browser.focus("Preview")
    try browser.inspect("editor-preview")
    try browser.press("Escape")
    try browser.click("Discard")
    try browser.waitUntilGone("Discard")
    // The same where the installation has none at all.
    try signIn(at: OwnSite(["PREVIEW": "0"]), "links/new")
    try open(part: "Redirect")
    try browser.waitFor("No link has one here (PREVIEW).")
  }

  private func open(part title: String) throws {
    try browser.click(
      script: """
        return [...document.querySelectorAll("summary")]
          .find((one) => one.querySelector("h3").innerText === arguments[0]);
        """, title)
  }

  private func set(_ value: String, of label: String) throws {
    try browser.run(
      """
      const field = [...document.querySelectorAll("input, select")].find((one) => one.getAttribute("aria-label") === arguments[0]);
      field.value = arguments[1];
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
      """, label, value)
  }

  func testNothingTypedIsLost() throws {
    let code = try person.make("https://example.com/typed")
    try signIn()
    try browser.waitFor(code)
    try browser.press("j", "e")
    try browser.waitFor("Edit ")
    try browser.fill("Title", with: "Half a sen")
    try browser.press("Escape")
    try browser.waitFor("Discard your changes?")
    try browser.inspect("editor-discard")
    try browser.click("Keep editing")
    XCTAssertEqual(try browser.value("Title"), "Half a sen")
    try browser.back()
    try browser.waitFor("Discard your changes?")
    try browser.click("Keep editing")
    XCTAssertEqual(try browser.value("Title"), "Half a sen")
    try browser.command("Network.clearBrowserCookies")
    try browser.click("Save")
    try browser.waitFor("Your session has ended")
    try browser.fill("API key", with: person.key)
    try browser.press("Enter")
    try browser.waitUntilSaid("Saved.")
    XCTAssertEqual(try person.ask("GET", "short-urls/\(code)")["title"].text, "Half a sen")
    try browser.fill("Title", with: "Other")
    try browser.press("Escape")
    try browser.click("Discard")
    try browser.waitFor("1 link")
    XCTAssertEqual(try person.ask("GET", "short-urls/\(code)")["title"].text, "Half a sen")
  }

  func testALinkThatIsNotThereSaysSo() throws {
    try signIn("links/\(person.code("none"))/edit")
    try browser.waitFor("There is no such link")
    try browser.inspect("editor-not-found")
  }
}
