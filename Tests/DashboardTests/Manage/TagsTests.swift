import TestSupport
import XCTest

/// Tags: what there is, found, sorted, renamed, deleted.
final class TagsTests: DashboardTestCase {
  private var estate: Estate!
  private var owner: Person!

  override func setUpWithError() throws {
    try super.setUpWithError()
    estate = try Estate()
    owner = try estate.person()
  }

  private func make(_ tags: String...) throws {
    try make(tags)
  }

  private func make(_ numbers: Range<Int>) throws { try make(numbers.map { "tag-\($0)" }) }

  private func make(_ tags: [String]) throws {
    let list = tags.map { "\"\($0)\"" }.joined(separator: ",")
    try owner.make("https://example.com/tags", #""tags":[\#(list)]"#)
  }

  func testBehindTheOnlyRowOfTheLastPageIsThePageBefore() throws {
    for first in [10, 20] { try make(first..<(first + 10)) }
    try make(30..<31)
    try signIn(as: owner, "tags")
    try browser.run("localStorage.setItem('swiftlet', '{\"rows\":20}')")
    try browser.open("/dashboard/tags?page=2")
    try browser.waitFor("21–21 of 21")
    try browser.choose("Delete", inMenuOf: "tag-30")
    try browser.click("Delete")
    try browser.waitFor("tag-10")
    try browser.waitFor("20 tags")
    XCTAssertEqual(try browser.run("return location.search").text, "?page=1")
  }

  func testTheyAreFoundSortedRenamedAndDeleted() throws {
    try make("mail", "spring")
    try make("mail", "summer")
    try signIn(as: owner, "tags")
    XCTAssertEqual(try browser.rows(), ["mail", "spring", "summer"])
    try browser.inspect("tags")
    try browser.click(script: "return document.querySelectorAll('thead button')[1]")
    try browser.waitUntilReady()
    XCTAssertEqual(try browser.rows().first, "mail")
    try browser.click("Tag")
    try browser.wait("document.querySelector('main tbody th').innerText.trim() === 'summer'")
    try browser.fill("Search tags", with: "sp")
    try browser.wait("document.querySelectorAll('main tbody tr').length === 1")
    XCTAssertEqual(try browser.rows(), ["spring"])
    try browser.reload()
    try browser.waitUntilReady()
    XCTAssertEqual(try browser.rows(), ["spring"], "the address has it")

    try browser.choose("Rename", inMenuOf: "spring")
    try browser.fill("Name", with: "mail")
    try browser.click("Rename")
    try browser.waitFor("already exists")
    try browser.inspect("tag-rename")
    try browser.press("Escape")
    try browser.waitFor("Discard what you typed?")
    try browser.click("Go on")
    XCTAssertEqual(try browser.value("Name"), "mail")
    try browser.fill("Name", with: "spring fair")
    try browser.click("Rename")
    try browser.waitFor("spring is renamed.")
    try browser.wait("document.querySelector('main tbody th').innerText.trim() === 'spring-fair'")
    try browser.click("spring-fair")
    try browser.waitUntilReady()
    XCTAssertEqual(
      try browser.run("return location.search").text, "?tag=spring-fair", "it leads to its links")

    try browser.open("/dashboard/tags")
    try browser.choose("Delete", inMenuOf: "mail")
    try browser.waitFor("It is taken off 2 links. The links stay.")
    try browser.inspect("tag-delete")
    try browser.click("Delete")
    try browser.waitFor("mail is deleted.")
    try browser.wait("document.querySelectorAll('main tbody tr').length === 2")
    XCTAssertEqual(try owner.ask("GET", "tags")["tags"]["data"].texts, ["spring-fair", "summer"])
  }

  func testByKeyboardAlone() throws {
    try make("first", "second")
    try signIn(as: owner)
    try browser.press("g", "t")
    try browser.waitFor("2 tags")
    try browser.press("j", "j")
    try browser.openMenu()
    try browser.press("ArrowUp", "ArrowUp", "Enter")
    try browser.waitFor("Rename second")
    try browser.press("Control+a")
    try browser.type("third")
    try browser.press("Control+Enter")
    try browser.waitFor("second is renamed.")
    try browser.press("f")
    XCTAssertEqual(try browser.focused(), "Search tags")
    try browser.type("thi")
    try browser.wait("document.querySelectorAll('main tbody tr').length === 1")
    try browser.press("Tab", "Tab", "Tab", "Tab")
    XCTAssertEqual(try browser.focused(), "third")
    try browser.deleteRow(asking: "Delete the tag third?")
    try browser.waitFor("Nothing matches")
  }

  func testWithoutTagsItSaysWhatTheyAreFor() throws {
    try signIn(as: owner, "tags")
    try browser.waitFor("No tags yet")
    try browser.inspect("tags-empty")
    try browser.open("/dashboard/tags?search=none")
    try browser.waitFor("Nothing matches")
    try browser.open("/dashboard/tags?page=0")
    try browser.waitFor("Try again")
    try browser.inspect("tags-error")
  }

  func testWhatAKeyMayNotIsNotThere() throws {
    try make("kept")
    try signIn(as: estate.person(["--scope", "create-only"]), "tags")
    try browser.waitFor("Your key can’t see tags")
    try browser.inspect("tags-denied")
    try browser.forget()
    try signIn(as: estate.person(["--scope", "read-only"]), "tags")
    try browser.click("Actions for kept")
    try browser.waitFor("Its links")
    XCTAssertFalse(try browser.run("return document.body.innerText.includes('Rename')").isTrue)
  }

  func testNamesAreTextWhateverTheyHave() throws {
    let names = [
      "<img/src=x/onerror=alert(1)>", "\u{202E}gnp.exe", "=1+1", "a&b?c#d%41",
      String(repeating: "long", count: 60),
    ]
    for name in names { try make(name) }
    try signIn(as: owner, "tags")
    XCTAssertEqual(try Set(browser.rows()), Set(names))
    try browser.inspect("tags-hostile")
    try browser.choose("Delete", inMenuOf: names[0])
    try browser.click("Delete")
    try browser.waitFor("\(names[0]) is deleted.")
    try browser.click(names[3])
    try browser.waitUntilReady()
    try browser.waitFor("1 link")
  }
}
