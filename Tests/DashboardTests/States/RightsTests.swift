import TestSupport
import XCTest

/// What keys of few rights are shown: nothing that would fail.
final class RightsTests: DashboardTestCase {
  private var estate: Estate!
  private var owner: Person!

  override func setUpWithError() throws {
    try super.setUpWithError()
    estate = try Estate()
    owner = try estate.person()
  }

  func testNoPageThatAKeyIsOfferedIsRefused() throws {
    try owner.make("https://example.com/seen", #""tags":["seen"]"#)
    for rights in [
      [], ["--scope", "read-only"], ["--scope", "create-only"], ["--authored-only"],
      ["--no-orphan-visits"], ["--scope", "read-only", "--scope", "admin"],
      ["--domain", estate.domain, "--scope", "admin"],
    ] {
      try browser.forget()
      try signIn(as: estate.person(rights), "settings")
      let pages = try browser.run(
        """
        performance.clearResourceTimings();
        performance.setResourceTimingBufferSize(1000);
        return [...document.querySelectorAll(".rail > div a")].map((page) => page.innerText.trim());
        """
      ).texts
      XCTAssertGreaterThan(pages.count, 5)
      for page in pages {
        try browser.show(page: page)
        try assertNothingRefused("\(rights): \(page)")
      }
      let canMake = try browser.run("return document.querySelector('.top').innerText").text
        .contains("New link")
      XCTAssertEqual(canMake, rights.first != "--scope" || rights.last == "create-only")
      guard canMake else { continue }
      try browser.press("c")
      try browser.waitFor("Make link")
      try browser.waitUntilReady()
      try assertNothingRefused("\(rights): New link")
    }
  }

  func testAPageThatAKeyIsNotOfferedSaysSoAndAsksForNothing() throws {
    let code = try owner.make("https://example.com/hidden")
    try signIn(as: estate.person(["--scope", "create-only"]), "links")
    for (path, name) in [
      ("overview", "Overview"), ("analytics", "Analytics"), ("compare", "Compare"),
      ("links/\(code)", "Link"), ("health", "Health"),
    ] {
      try browser.open("/dashboard/\(path)")
      try browser.waitFor("Your key can’t see \(path.split(separator: "/")[0])")
      try browser.waitUntilReady()
      XCTAssertEqual(try browser.run("return document.title").text, "\(name) · Swiftlet")
      try assertNothingRefused(path)
    }
    try browser.inspect("page-denied")
    try browser.click("To the first page")
    try browser.waitFor("it makes links.")
  }

  /// Asserts that the API has refused nothing since the page was loaded.
  private func assertNothingRefused(
    _ note: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let refused = try browser.run(
      """
      return performance.getEntriesByType("resource").filter((one) => one.responseStatus >= 400)
        .map((one) => `${one.responseStatus} ${one.name}`);
      """
    ).texts
    XCTAssertEqual(refused, [], note, file: file, line: line)
  }

  func testWhoOnlyReadsIsOfferedNoChangeAnywhere() throws {
    let code = try owner.make("https://example.com/seen", #""tags":["seen"],"title":"Seen""#)
    let name = try owner.ask("GET", "short-urls/\(code)")["shortUrl"].text.split(separator: "//")[1]
    try signIn(as: estate.person(["--scope", "read-only"]))
    try browser.waitFor(code)
    XCTAssertEqual(try offered(of: "Actions for \(name)"), ["QR code", "Open its target"])
    // The keys of changes do nothing, so that the next one is the first that does something.
    try browser.press("j", "e", "Delete", "c", "q")
    try browser.waitFor("QR code of \(name)")
    try browser.press("Escape")
    for (page, row) in [("Tags", "seen"), ("Domains", String(name.split(separator: "/")[0]))] {
      try browser.show(page: page)
      XCTAssertEqual(try offered(of: "Actions for \(row)"), ["Its links", "Its clicks"], page)
    }
    for page in ["Overview", "Missing", "Keys"] {
      try browser.show(page: page)
      let words = try browser.run("return document.querySelector('main').innerText").text
      for word in ["Shorten\n", "Delete all", "New key"] {
        XCTAssertFalse(words.contains(word), "\(page): \(word)")
      }
    }
    try browser.open("/dashboard/links/\(code)")
    try browser.waitUntilReady()
    let offers = try offered(of: "More actions")
    XCTAssertFalse(offers.contains { ["Edit", "Disable", "Delete"].contains($0) }, "\(offers)")
    try browser.open("/dashboard/links/\(code)/edit")
    try browser.wait("document.querySelector('dialog fieldset:disabled')")
    XCTAssertEqual(try browser.value("Title"), "Seen")
    XCTAssertTrue(
      try browser.run("return !document.querySelector('dialog [type=submit]')").isTrue)
    try browser.inspect("editor-read-only")
  }

  /// The words of a menu, which is closed again.
  private func offered(of menu: String) throws -> [String] {
    try browser.click(menu)
    try browser.wait("document.querySelector('[role=menuitem]')")
    let words = try browser.run(
      "return [...document.querySelectorAll('[role=menuitem]')].map((one) => one.innerText.trim())"
    ).texts
    try browser.press("Escape")
    return words
  }
}
