import TestSupport
import XCTest

/// Clicks as they come, and the log of single ones.
final class LiveClicksTests: NumbersTestCase {
  func testARealClickIsSeenWithoutReloading() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    try browser.waitFor("No clicks in this range.")
    try browser.inspect("link-empty")
    try follow(code, from: "https://news.example/story")
    try waitFor(figure: "Clicks", "1")
    try browser.waitFor("Firefox on Linux")
    try browser.waitFor("news.example/story")
    try browser.waitFor("1 in this range")
  }

  func testWhilePausedClicksAreOnlyCounted() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    try browser.waitFor("No clicks in this range.")
    try browser.press("p")
    try browser.waitFor("Paused")
    try follow(code)
    try follow(code)
    try browser.waitFor("Paused · 2 new")
    XCTAssertEqual(try figure("Clicks"), "0")
    try browser.click("Paused · 2 new")
    try waitFor(figure: "Clicks", "2")
    try browser.waitFor("Live")
  }

  func testFiguresThatNobodyCountsAnewSayHowOldTheyAre() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    // To the page, an answer is older than it is.
    try browser.run(
      """
      const fetched = window.fetch;
      window.fetch = async (url, init) => {
        const answer = await fetched(url, init);
        if (!url.includes("/analytics")) return answer;
        return Response.json({ ...await answer.json(), asOf: new Date(Date.now() - 90_000) });
      };
      """)
    try browser.press("7")
    try waitForQuery("?range=7d")
    try browser.waitUntilReady()
    try browser.waitUntilGone("As of")
    try browser.press("p")
    try browser.waitFor("As of 1 min")
    try browser.inspect("link-old")
    try browser.click("Paused")
    try browser.waitUntilGone("As of")
    try browser.click("Compare")
    try browser.waitFor("As of 1 min")
  }

  func testAPastRangeIsNotLive() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)?from=2026-01-01&to=2026-01-31")
    try browser.waitUntilReady()
    XCTAssertTrue(try browser.run("return !document.querySelector('.live')").isTrue)
  }

  func testWhatVisitorsSendStaysText() throws {
    let (code, _) = try makeLink()
    for (agent, referrer) in [
      ("<img src=x onerror=alert(1)>", "https://\"><script>alert(1)</script>.example/"),
      (String(repeating: "M", count: 3000), "javascript:alert(1)"),
      ("a\u{202E}gnp", "https://long.example/" + String(repeating: "x", count: 3000)),
    ] {
      _ = try HTTPClient.site().get("/\(code)", [("User-Agent", agent), ("Referer", referrer)])
    }
    try signIn("links/\(code)?bots=1")
    try browser.waitFor("3 in this range")
    let links = try browser.run(
      "return [...document.querySelectorAll('.log a')].map((link) => link.protocol)"
    ).texts
    XCTAssertTrue(links.allSatisfy { $0 == "http:" || $0 == "https:" }, "\(links)")
    try browser.inspect("link-hostile")
  }

  func testOlderClicksComeByCursorAndTheAddressHasIt() throws {
    let (code, id) = try makeLink()
    try StoredClicks.store(
      of: id,
      """
      SELECT now() - 600 * (1 + number) AS second, 0 AS bot, '' AS host, '192.0.2.1' AS address
      FROM numbers(120)
      """)
    try signIn("links/\(code)?range=30d")
    try browser.waitFor("120 in this range")
    for rows in [50, 20] {
      let newest = try browser.run("return document.querySelector('.log time').dateTime").text
      try browser.click("Older")
      try browser.wait("document.querySelector('.log time')?.dateTime !== arguments[0][0]", newest)
      try browser.wait(
        "document.querySelectorAll('.log tbody tr').length === arguments[0][0]", rows)
    }
    try browser.reload()
    try browser.wait("document.querySelectorAll('.log tbody tr').length === 20")
    try browser.back()
    try browser.wait("document.querySelectorAll('.log tbody tr').length === 50")
    try browser.click("Newest")
    try browser.wait("!location.search.includes('cursor=')")
  }

  func testNobodyIsAskedWhileThePageIsHidden() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    try browser.waitFor("No clicks in this range.")
    try browser.run(
      """
      Object.defineProperty(document, "hidden", { configurable: true, value: true });
      document.dispatchEvent(new Event("visibilitychange"));
      performance.clearResourceTimings();
      """)
    try browser.run("setTimeout(() => { window.later = true; }, 5000)")
    try browser.wait("window.later")
    let asked = "performance.getEntriesByType('resource').length"
    XCTAssertEqual(try browser.run("return \(asked)").number, 0)
    try browser.run(
      """
      delete document.hidden;
      document.dispatchEvent(new Event("visibilitychange"));
      """)
    try browser.wait("\(asked) > 0")
  }

  func testAClickDuringAnAnswerIsNotLost() throws {
    let (code, _) = try makeLink()
    try signIn("links/\(code)")
    try browser.waitFor("No clicks in this range.")
    // The answer of before the click comes after it was looked for.
    try browser.run(
      """
      const fetched = window.fetch;
      window.held = new Promise((release) => { window.release = release; });
      window.fetch = async (url, init) => {
        const answer = await fetched(url, init);
        if (url.includes("/analytics")) await window.held;
        if (url.includes("itemsPerPage=1")) {
          window.looked = (await answer.clone().json()).visits.pagination.totalItems;
        }
        return answer;
      };
      """)
    try browser.press("7")
    try waitForQuery("?range=7d")
    try follow(code)
    try browser.wait("window.looked === 1")
    try browser.run("setTimeout(window.release, 500)")
    try waitFor(figure: "Clicks", "1")
  }
}
