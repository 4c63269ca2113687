import TestSupport
import XCTest

/// What a page that is open for long keeps in memory.
final class MemoryTests: DashboardTestCase {
  func testTwoHundredNavigationsKeepNothing() throws {
    let owner = try Estate().person()
    for number in 1...30 {
      try owner.make("https://example.com/\(number)", #""tags":["tag-\#(number)"]"#)
    }
    try signIn(as: owner)
    // What is loaded and kept once is no growth.
    try walk()
    let before = try browser.memory()
    for _ in 1...17 { try walk() }
    let after = try browser.memory()
    XCTAssertLessThan(after.bytes - before.bytes, 10_000_000, "\(before) \(after)")
    XCTAssertLessThan(after.nodes - before.nodes, 200, "\(before) \(after)")
    XCTAssertLessThan(after.listeners - before.listeners, 100, "\(before) \(after)")
  }

  /// Goes to a form and ten views by clicks, and waits until each has what it shows.
  private func walk() throws {
    let failure = try browser.runUntilCalled(
      """
      const [done] = arguments;
      const until = async (isSo) => {
        for (const end = Date.now() + 20000; !isSo(); await new Promise((go) => setTimeout(go, 5))) {
          if (Date.now() > end) throw new Error(`${isSo} at ${location.pathname}`);
        }
      };
      const show = async (selector, name) => {
        document.querySelector(selector).click();
        await until(() => document.querySelector("main h1")?.textContent.includes(name)
          && !document.querySelector("main .skeleton"));
      };
      (async () => {
        const names = ["Overview", "Analytics", "Tags", "Domains", "Missing", "Keys", "Settings", "Links"];
        for (const name of names) await show(`.rail a[href$="/${name.toLowerCase()}"]`, name);
        document.querySelector("tbody [aria-label^=Actions]").click();
        await until(() => document.querySelector("[role=menuitem]"));
        [...document.querySelectorAll("[role=menuitem]")].find((one) => one.innerText === "Edit").click();
        await until(() => document.querySelector("dialog .editor"));
        document.querySelector("dialog [aria-label=Close]").click();
        await until(() => !document.querySelector("dialog"));
        await show("tbody th a", "/");
        await show('.rail a[href$="/links"]', "Links");
      })().then(() => done(""), (error) => done(String(error)));
      """
    ).text
    XCTAssertEqual(failure, "")
    try browser.waitUntilReady()
  }
}
