import TestSupport
import XCTest

/// Domains, and where each sends visitors without a link.
final class DomainsTests: DashboardTestCase {
  private var estate: Estate!
  private var owner: Person!

  override func setUpWithError() throws {
    try super.setUpWithError()
    estate = try Estate()
    owner = try estate.person()
  }

  /// The redirects of the estate's domain, as the API tells them.
  private func redirect(_ name: String) throws -> String? {
    let domain = estate.domain
    let all = try owner.ask("GET", "domains")["domains"]["data"].elements
    let own = try all.first { try $0["domain"].text == domain }
    return try own.flatMap { try $0["redirects"][name] }.flatMap { $0.isNull ? nil : try $0.text }
  }

  func testOneIsAddedChangedAndRemoved() throws {
    try signIn(as: owner, "domains")
    try browser.waitFor("1 domain")
    try browser.inspect("domains")
    try browser.click("Add a domain")
    try browser.fill("Domain", with: estate.domain)
    try browser.click("Save")
    try browser.waitFor("a domain is listed once it has a redirect or a link")
    try browser.inspect("domain-incomplete")
    try browser.fill("Front page", with: "https://example.com/home")
    try browser.fill(
      "Unknown links", with: "https://example.com/{DOMAIN}{ORIGINAL_PATH}?of={DOMAIN}")
    let example = "https://example.com/\(estate.domain)/old-offer?of=\(estate.domain)"
    try browser.waitFor("\(estate.domain)/old-offer leads to \(example)")
    try browser.inspect("domain-new")
    try browser.click("Save")
    try browser.waitFor("\(estate.domain) is saved.")
    try browser.waitFor("2 domains")
    XCTAssertTrue(
      try eventually(seconds: 20) { try estate.visit("/old-offer")["location"] == example })

    try browser.choose("Redirects", inMenuOf: estate.domain)
    XCTAssertEqual(try browser.value("Front page"), "https://example.com/home")
    try browser.fill("Front page", with: "https://\(estate.domain)/loop")
    try browser.click("Save")
    try browser.wait("document.querySelector('dialog .error')")
    try browser.inspect("domain-refused")
    try browser.fill("Front page", with: "https://example.com/other")
    try browser.click("Save")
    try browser.wait("!document.querySelector('dialog[open]')")
    XCTAssertEqual(try redirect("baseUrlRedirect"), "https://example.com/other")

    let link = try owner.make("https://example.com/kept", #""domain":"\#(estate.domain)""#)
    try browser.choose("Remove", inMenuOf: estate.domain)
    try browser.waitFor("Its redirects end")
    try browser.click("Remove")
    try browser.waitFor("A domain is deleted when it has no links and no API keys any more.")
    try owner.ask("DELETE", "short-urls/\(link)?domain=\(estate.domain)")
    try browser.choose("Remove", inMenuOf: estate.domain)
    try browser.waitFor("Its redirects end")
    try browser.click("Remove")
    try browser.waitFor("\(estate.domain) is removed.")
    try browser.waitFor("1 domain")
    XCTAssertNil(try redirect("baseUrlRedirect"))
  }

  func testByKeyboardAlone() throws {
    try signIn(as: owner)
    try browser.press("g", "d")
    try browser.waitFor("1 domain")
    try browser.focus("Search links")
    try browser.press("Tab", "Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "Add a domain")
    try browser.press("Enter")
    try browser.waitFor("Its DNS and its certificate")
    try browser.type(estate.domain)
    try browser.press("Tab", "Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "Other paths")
    try browser.type("https://example.com/{ORIGINAL_PATH}")
    try browser.press("Enter")
    try browser.waitFor("\(estate.domain) is saved.")
    // The list is read again.
    try browser.waitFor("2 domains")
    try browser.press("j", "j")
    try browser.deleteRow(asking: "Its redirects end")
    try browser.waitFor("\(estate.domain) is removed.")
  }

  func testOnlyAdministratorsChangeThem() throws {
    try signIn(as: estate.person(["--authored-only"]), "domains")
    try browser.waitFor("1 domain")
    XCTAssertFalse(
      try browser.run("return document.body.innerText.includes('Add a domain')").isTrue)
    try browser.forget()
    try signIn(as: estate.person(["--scope", "create-only"]), "domains")
    try browser.waitFor("Your key can’t see domains")
  }
}
