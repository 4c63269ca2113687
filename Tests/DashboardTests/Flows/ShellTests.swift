import TestSupport
import XCTest

/// What every page has: the way through it, the keys, the theme, the network.
final class ShellTests: DashboardTestCase {
  func testTheFirstVisitAsksForFewFiles() throws {
    try signIn()
    try browser.open("/dashboard/links")
    try browser.waitUntilReady()
    let sizes = try browser.run(
      """
      const entries = performance.getEntriesByType("resource");
      const scripts = entries.filter((entry) => entry.name.includes(".js"));
      return [entries.length + 1, scripts.reduce((sum, entry) => sum + entry.encodedBodySize, 0)];
      """
    ).elements
    XCTAssertLessThanOrEqual(try sizes[0].number, 32, "requests")
    XCTAssertLessThanOrEqual(try sizes[1].number, 30_000, "scripts of the first view, packed")
  }

  func testKeysGoWhereTheirListSays() throws {
    try signIn()
    try browser.press("?")
    try browser.waitFor("Keyboard shortcuts")
    try browser.waitFor("Go to Links")
    try browser.inspect("shortcuts")
    try browser.press("Escape")
    try browser.waitUntilGone("Go to Links")
    try browser.press("/")
    XCTAssertEqual(try browser.focused(), "Search links")
    try browser.type("cgl?")
    XCTAssertEqual(try browser.value("Search links"), "cgl?", "in a field they are letters")
  }

  func testAnUnknownPageSaysSo() throws {
    try signIn("nowhere")
    try browser.waitFor("There is no such page")
    try browser.inspect("not-found")
  }

  func testTheThemeIsKept() throws {
    try signIn()
    try browser.click(person.name)
    try browser.click("Dark")
    try browser.reload()
    try browser.waitUntilReady()
    let ground = "getComputedStyle(document.body).backgroundColor"
    XCTAssertEqual(try browser.run("return \(ground)").text, "rgb(20, 22, 26)")
    try browser.inspect("theme")
  }

  func testWithoutANetworkTheOldDataStaysAndItGoesOnByItself() throws {
    let code = try person.make("https://example.com/seen")
    try signIn()
    try browser.waitFor(code)
    try browser.setOffline(true)
    try browser.click("Link")
    try browser.waitFor("No connection to")
    try browser.waitFor(code)
    try browser.inspect("offline")
    try browser.setOffline(false)
    try browser.waitUntilGone("No connection to")
    try browser.waitFor(code)
  }

  func testTheSearchKeepsEachLetterAndThePageItWasTypedOn() throws {
    try signIn()
    // A letter comes while the list takes up the ones before.
    try browser.run(
      """
      const field = document.getElementById("search");
      window.put = (text) => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const replace = history.replaceState;
      history.replaceState = function (...entry) {
        history.replaceState = replace;
        replace.apply(history, entry);
        put(field.value + "c");
        setTimeout(() => put(field.value + "d"), 150);
      };
      put("ab");
      """)
    try browser.wait("location.search === '?search=abcd'")
    XCTAssertEqual(try browser.value("Search links"), "abcd")
    try browser.run(
      """
      put("other");
      document.querySelector(".rail a[href$=tags]").click();
      setTimeout(() => { window.later = true; }, 600);
      """)
    try browser.wait("window.later && location.pathname.endsWith('/tags')")
    XCTAssertEqual(try browser.run("return location.search").text, "")
  }

  func testWhatIsSaidStandsAboveADialogAndCoversNoControl() throws {
    let code = try person.make("https://example.com/said")
    try signIn("links/\(code)/edit")
    for width in [320, 390, 768, 1280] {
      try browser.show(width: width)
      try browser.fill("Title", with: "Said at \(width)")
      try browser.press("Control+Enter")
      try browser.waitUntilSaid("Saved.")
      try browser.fill("Title", with: "Said")
      let covered = try browser.run(
        """
        return [...document.querySelectorAll("dialog :is(button, input, summary)")].filter((control) => {
          const { left, top, width, height } = control.getBoundingClientRect();
          const [x, y] = [left + width / 2, top + height / 2];
          return document.elementFromPoint(x, y)?.closest(".toasts") && !control.closest(".toasts");
        }).map((control) => control.outerHTML);
        """
      ).texts
      XCTAssertEqual(covered, [], "at \(width)")
      try browser.click("Dismiss")
      try browser.waitUntilGone("Saved.")
    }
    try browser.click("Save")
    try browser.waitUntilSaid("Saved.")
    try browser.press("Escape")
    try browser.waitUntilSaid("Saved.")
  }
}
