import TestSupport
import XCTest

/// Changes without a network: refused at once, kept in their form, and done when it is back.
final class OfflineTests: DashboardTestCase {
  private var owner: Person!

  override func setUpWithError() throws {
    try super.setUpWithError()
    owner = try Estate().person()
  }

  override func tearDownWithError() throws {
    try browser?.setOffline(false)
    try super.tearDownWithError()
  }

  /// Takes the network away, does something that needs it, and sees that it is refused.
  private func refused(
    _ act: () throws -> Void, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try browser.setOffline(true)
    try act()
    try browser.waitFor("No connection to", file: file, line: line)
    try browser.waitFor("What you typed is kept.", file: file, line: line)
  }

  /// Gives the network back.
  private func goOn(file: StaticString = #filePath, line: UInt = #line) throws {
    try browser.setOffline(false)
    try browser.waitUntilGone("No connection to", file: file, line: line)
  }

  func testATagKeepsItsName() throws {
    try owner.make("https://example.com/tagged", #""tags":["early"]"#)
    try signIn(as: owner, "tags")
    try browser.choose("Rename", inMenuOf: "early")
    try browser.fill("Name", with: "late")
    try refused { try browser.click("Rename") }
    try browser.inspect("offline-form")
    try goOn()
    XCTAssertEqual(try browser.value("Name"), "late")
    XCTAssertEqual(try owner.ask("GET", "tags")["tags"]["data"].texts, ["early"])
    try browser.click("Rename")
    try browser.waitFor("early is renamed.")
  }

  func testADomainsRedirectsAreKeptInTheirForm() throws {
    try signIn(as: owner, "domains")
    try browser.click("Add a domain")
    let domain = "\(owner.name).example"
    try browser.fill("Domain", with: domain)
    try browser.fill("Front page", with: "https://example.com/front")
    try refused { try browser.click("Save") }
    try goOn()
    XCTAssertEqual(try browser.value("Domain"), domain)
    XCTAssertEqual(try browser.value("Front page"), "https://example.com/front")
    try browser.click("Save")
    try browser.waitFor("\(domain) is saved.")
    try browser.waitFor("2 domains")
  }

  func testAKeyIsNotMade() throws {
    try signIn(as: owner, "keys")
    try browser.click("New key")
    try browser.fill("Name", with: "reports")
    try browser.click(script: "return document.querySelector('dialog [value=read-only]')")
    try refused { try browser.click("Make the key") }
    try goOn()
    XCTAssertEqual(try browser.value("Name"), "reports")
    try browser.click("Make the key")
    try browser.waitFor("The key of reports")
    try browser.click("I have stored it")
    try browser.waitFor("2 keys")
  }

  func testALinkStaysAsItIs() throws {
    let code = try owner.make("https://example.com/kept")
    let name = try owner.ask("GET", "short-urls/\(code)")["shortUrl"].text.split(separator: "//")[1]
    try signIn(as: owner)
    try refused { try browser.choose("Disable", inMenuOf: String(name)) }
    XCTAssertEqual(
      try browser.run("return document.querySelector('tbody .state').innerText").text, "Active")
    try goOn()
    XCTAssertTrue(try owner.ask("GET", "short-urls/\(code)")["enabled"].isTrue)
  }

  func testTheFormOfALinkIsKept() throws {
    let code = try owner.make("https://example.com/edited")
    try signIn(as: owner, "links/\(code)/edit")
    try browser.fill("Title", with: "Typed without a network")
    try refused { try browser.press("Control+Enter") }
    try browser.inspect("offline-editor")
    try goOn()
    XCTAssertEqual(try browser.value("Title"), "Typed without a network")
    try browser.waitFor("Not saved yet")
    try browser.click("Save")
    try browser.waitFor("Saved.")
    XCTAssertEqual(
      try owner.ask("GET", "short-urls/\(code)")["title"].text, "Typed without a network")
  }

  func testItGoesOnOnceTheBrowserSaysThatTheNetworkIsBack() throws {
    try signIn(as: owner, "tags")
    // No wait ends, so nothing but that event brings it back.
    try browser.run(
      """
      const start = window.setTimeout;
      window.setTimeout = (act, wait, ...rest) => wait >= 1000 ? 0 : start(act, wait, ...rest);
      """)
    try browser.setOffline(true)
    try browser.press("g", "k")
    try browser.waitFor("No connection to")
    try goOn()
    try browser.waitFor("1 key")
  }
}
