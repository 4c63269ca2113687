import TestSupport
import XCTest

/// What a view shows while its first answers are under way.
final class LoadingTests: DashboardTestCase {
  func testASkeletonKeepsThePlaceOfWhatComesAndNothingElseMoves() throws {
    let owner = try Estate().person()
    for number in 1...12 {
      try owner.make("https://example.com/\(number)", #""tags":["tag-\#(number)"]"#)
    }
    try signIn(as: owner)
    try watch()
    // What stands below figures moves by what their height differs from the skeleton's.
    for (page, bound) in [
      ("Settings", 0), ("Tags", 0), ("Domains", 0), ("Missing", 0), ("Keys", 0),
      ("Overview", 100), ("Analytics", 100), ("Links", 0),
    ] {
      try load("document.querySelector(`.rail a[href$='/\(page.lowercased())']`)", page)
      try assertMoved(bound, page)
    }
    try load("document.querySelector('tbody th a')", "Link")
    try assertMoved(500, "Link")
  }

  /// Asserts that no more has moved, in parts of 10 000 of the window.
  private func assertMoved(_ bound: Int, _ note: String, line: UInt = #line) throws {
    let moved = try browser.run("return window.moved").elements
    let sum = try moved.reduce(0) { try $0 + $1["value"].number }
    XCTAssertLessThanOrEqual(sum, bound, "\(note): \(moved)", line: line)
  }

  /// Clicks on the way to a view, looks at it without answers, and then lets them come.
  private func load(_ way: String, _ note: String) throws {
    try browser.run(
      """
      window.holds = true;
      window.moved = [];
      (\(way)).click();
      """)
    guard note != "Settings" else { return }
    try browser.wait("document.querySelector('.skeleton')")
    // None is seen for an answer that comes at once.
    let appears = try browser.run(
      """
      const { animationName, animationDelay, animationFillMode } =
        getComputedStyle(document.querySelector(".skeleton"));
      return [animationName, animationDelay, animationFillMode];
      """
    ).texts
    XCTAssertEqual(appears, ["appear", "0.15s", "backwards"], note)
    try browser.wait("getComputedStyle(document.querySelector('.skeleton')).opacity === '1'")
    if ["Links", "Overview"].contains(note) { try browser.inspect("loading-\(note)") }
    try browser.run("window.moved = []; letGo()")
    try browser.wait("!document.querySelector('.skeleton')")
    try browser.waitUntilReady()
  }

  /// Has the page hold its questions to the API back while it is told to, and note what moves.
  private func watch() throws {
    try browser.run(
      """
      const send = window.fetch;
      const held = [];
      window.fetch = async (url, init) => {
        if (window.holds && url.startsWith("/rest/")) await new Promise((go) => held.push(go));
        return send(url, init);
      };
      window.letGo = () => {
        window.holds = false;
        held.splice(0).forEach((go) => go());
      };
      window.moved = [];
      new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) =>
        window.moved.push({
          value: Math.round(value * 10000),
          what: sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(),
        }))).observe({ type: "layout-shift" });
      """)
  }
}
