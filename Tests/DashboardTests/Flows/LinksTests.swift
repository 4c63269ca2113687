import TestSupport
import XCTest

/// The list of links.
final class LinksTests: DashboardTestCase {
  func testAListIsSearchedFilteredSortedAndPagedByItsAddress() throws {
    for number in 1...23 {
      try person.make(
        "https://example.com/page/\(number)", #""title":"Page \#(number)","tags":["many"]"#)
    }
    let special = try person.make(
      "https://example.org/special", #""title":"A special one","tags":["rare"]"#)
    try signIn()
    try browser.waitFor("24 links")
    try browser.choose("20", of: "Rows of a page")
    try browser.waitFor("1–20 of 24")
    try browser.click("Next page")
    try browser.waitFor("21–24 of 24")
    XCTAssertEqual(try browser.run("return location.search").text, "?page=2")
    try browser.back()
    try browser.waitFor("1–20 of 24")
    try browser.press("/")
    try browser.type("special")
    try browser.waitFor("1 link")
    try browser.waitFor(special)
    XCTAssertEqual(try browser.run("return location.search").text, "?search=special")
    try browser.inspect("links-searched")
    try browser.click("Clear all")
    try browser.waitFor("24 links")
    try browser.click("rare")
    try browser.waitFor("1 link")
    XCTAssertEqual(try browser.run("return location.search").text, "?tag=rare")
    try browser.reload()
    try browser.waitFor("1 link")
    try browser.click("Remove the filter rare")
    try browser.click("Made")
    try browser.wait("document.querySelector('[aria-sort=ascending]')")
    try browser.wait("document.querySelector('tbody th').innerText.includes('Page 1')")
    try browser.open("/dashboard/links?search=nothing-has-this")
    try browser.waitFor("No link matches")
    try browser.inspect("links-none-match")
  }

  func testLinksOfAStateAreListed() throws {
    let codes = try [
      "active": "", "scheduled": #""validSince":"2100-01-01""#,
      "expired": #""validUntil":"2020-01-01""#,
    ].mapValues { try person.make("https://example.com/state", $0) }
    try signIn()
    try browser.waitFor("3 links")
    for (state, code) in codes {
      try browser.choose(state, of: "State")
      try browser.waitFor("1 link\n")
      try browser.waitFor(code)
    }
    try browser.choose("disabled", of: "State")
    try browser.waitFor("No link matches")
  }

  func testALinkIsTakenDownUpAndAwayAndComesBack() throws {
    let code = try person.make("https://example.com/state")
    let path = "short-urls/\(code)"
    let name = try person.ask("GET", path)["shortUrl"].text.split(separator: "//")[1]
    try signIn()
    try browser.click("Actions for \(name)")
    try browser.assertAccessible("links-menu")
    try browser.click("Disable")
    try browser.waitFor("is disabled.")
    try browser.waitFor("Disabled")
    XCTAssertFalse(try person.ask("GET", path)["enabled"].isTrue)
    try browser.click("Undo")
    try browser.waitFor("is enabled.")
    XCTAssertTrue(try person.ask("GET", path)["enabled"].isTrue)
    try browser.click("Actions for \(name)")
    try browser.click("Delete")
    try browser.waitFor("is deleted.")
    try browser.waitFor("No links yet")
    try browser.click("Undo")
    try browser.waitFor("is back.")
    try browser.waitFor(code)
  }

  func testByKeyboardAlone() throws {
    for word in ["one", "two", "three"] { try person.make("https://example.com/\(word)") }
    try signIn()
    try browser.waitFor("3 links")
    try browser.press("j", "j", "k")
    let first = try browser.focused()
    XCTAssertTrue(first.contains("/"), first)
    try browser.press("q")
    try browser.waitFor("QR code of \(first)")
    try browser.press("Escape")
    try browser.waitUntilGone("QR code of")
    XCTAssertEqual(try browser.focused(), first, "the focus is back")
    try browser.press("y")
    try browser.waitFor("\(first) is copied.")
    try browser.press("/")
    try browser.press("Control+v")
    try browser.wait("document.activeElement.value.endsWith(arguments[0][0])", first)
    try browser.press("Control+a", "Backspace", "Tab")
    try browser.waitFor("3 links")
    try browser.open("/dashboard/links")
    try browser.waitFor("3 links")
    try browser.press("j")
    try browser.openMenu()
    try browser.press("ArrowDown", "Escape")
    try browser.wait("!document.querySelector('[role=menu]')")
    try browser.press("Delete")
    try browser.waitFor("is deleted.")
    try browser.waitFor("2 links")
    try browser.press("c")
    try browser.waitFor("Make link")
  }

  func testTheCodeIsDrawnAsAskedAndDownloaded() throws {
    let code = try person.make("https://example.com/code")
    try signIn()
    try browser.waitFor(code)
    try browser.press("j", "q")
    try browser.waitFor("QR code of")
    try browser.wait("document.querySelector('dialog img').naturalWidth > 0")
    try browser.inspect("qr-code")
    try browser.choose("H", of: "Damage that it survives")
    let address = try browser.run("return document.querySelector('dialog a[download$=svg]').href")
      .text
    XCTAssertTrue(address.contains("/\(code)/qr-code?"), address)
    XCTAssertTrue(address.contains("errorCorrection=H"), address)
    let path = String(address.dropFirst(browser.baseURL.count))
    let file = try HTTPClient.site().get(path)
    XCTAssertEqual(file.status, 200)
    XCTAssertEqual(file["content-type"], "image/svg+xml")
    try browser.run(
      """
      const color = [...document.querySelectorAll("input[type=color]")][0];
      color.value = "#eeeeee";
      color.dispatchEvent(new Event("input", { bubbles: true }));
      """)
    try browser.waitFor("Many cameras can’t read this")
  }

  func testWhatOthersWriteStaysText() throws {
    let person = try Person(["--authored-only", "--scope", "any-scheme"])
    let hostile = #"<img src=x onerror=alert(1)>\u202Egnp\"'"#
    try person.make(
      "https://example.com/?q=%3Cscript%3E" + String(repeating: "x", count: 7000),
      #""title":"\#(hostile)","tags":["<b>bold</b>","\#(String(repeating: "long", count: 60))"]"#)
    try person.make("mailto:somebody@example.com", #""title":"app""#)
    try signIn(as: person)
    try browser.waitFor("<img src=x onerror=alert(1)>")
    try browser.waitFor("<b>bold</b>")
    XCTAssertEqual(
      try browser.run("return document.querySelectorAll('main img, main tbody b b').length").number,
      0)
    let schemes = try browser.run(
      "return [...document.links].map((link) => link.protocol).filter((one) => !one.startsWith('http'))"
    ).texts
    XCTAssertEqual(schemes, [])
    try browser.inspect("links-hostile")
  }

  func testAKeyThatOnlyMakesLinksSeesNoOther() throws {
    try signIn(as: Person(["--scope", "create-only"]))
    try browser.waitFor("Your key can’t read links")
    try browser.inspect("links-create-only")
  }

  func testAKeyThatOnlyReadsChangesNothing() throws {
    let code = try person.make("https://example.com/read")
    try signIn(as: Person(["--scope", "read-only"]), "links?search=\(code)")
    try browser.waitFor(code)
    try browser.wait(
      "![...document.querySelectorAll('button')].some((one) => one.innerText === 'New link')")
    try browser.run("document.querySelector('[aria-label^=Actions]').click()")
    try browser.waitFor("QR code")
    try browser.waitUntilGone("Delete")
  }

  func testAFailureOfTheServerIsToldWithItsRequest() throws {
    try signIn()
    try browser.open("/dashboard/links?page=0")
    try browser.waitFor("Try again")
    try browser.waitFor("Request ")
    try browser.inspect("links-error")
  }

  func testBehindTheLastRowOfTheLastPageIsThePageBefore() throws {
    for number in 1...21 { try person.make("https://example.com/\(number)") }
    try signIn()
    try browser.run("localStorage.setItem('swiftlet', '{\"rows\":20}')")
    try browser.open("/dashboard/links?page=2")
    try browser.waitFor("21–21 of 21")
    try browser.press("j", "Delete")
    try browser.waitFor("1–20 of 20")
    try browser.wait("location.search === '?page=1'")
  }
}
