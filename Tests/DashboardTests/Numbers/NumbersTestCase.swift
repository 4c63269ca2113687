import TestSupport
import XCTest

/// Tests of the views of numbers.
class NumbersTestCase: DashboardTestCase {
  static let people = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

  /// Follows a link as a person does.
  func follow(_ code: String, from referrer: String? = nil) throws {
    let from = referrer.map { [("Referer", $0)] } ?? []
    let answer = try HTTPClient.site().get("/\(code)", [("User-Agent", Self.people)] + from)
    XCTAssertEqual(answer.status / 100, 3, answer.text)
  }

  /// The id of a link.
  func id(of code: String) throws -> String {
    try person.ask("GET", "short-urls/\(code)")["id"].text
  }

  /// Makes a link without clicks of its own; returns its code and id.
  func makeLink(
    _ word: String = "counted", _ members: String = ""
  ) throws -> (code: String, id: String) {
    let code = person.code(word)
    try person.make(
      "https://example.com/\(code)",
      #""customSlug":"\#(code)"\#(members.isEmpty ? "" : ",\(members)")"#)
    return (code, try id(of: code))
  }

  /// What a figure says.
  func figure(_ name: String) throws -> String {
    try browser.run(
      """
      return [...document.querySelectorAll(".tiles div")]
        .find((tile) => tile.querySelector("dt").innerText === arguments[0])?.querySelector("b").innerText ?? "";
      """, name
    ).text
  }

  func waitFor(
    figure name: String, _ value: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let isThere = try eventually(seconds: 30) { try figure(name) == value }
    if !isThere { XCTFail("\(name): \(try figure(name))", file: file, line: line) }
  }

  func assert(
    _ text: String, has part: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    XCTAssertTrue(text.contains(part), "\(text) has no \(part)", file: file, line: line)
  }

  /// What the chart says for those who don't see it.
  func chart() throws -> String { try attribute("aria-label", of: "svg[role=img]") }

  /// What the reading line says.
  func reading() throws -> String { try attribute("aria-valuetext", of: "[role=slider]") }

  /// How many parts the chart has.
  func parts() throws -> String { try attribute("aria-valuemax", of: "[role=slider]") }

  private func attribute(_ name: String, of selector: String) throws -> String {
    try browser.wait("document.querySelector(arguments[0][0])", selector)
    return try browser.run(
      "return document.querySelector(arguments[0]).getAttribute(arguments[1])", selector, name
    ).text
  }

  func query() throws -> String { try browser.run("return location.search").text }

  /// Waits until the address has these words.
  func waitForQuery(_ words: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try browser.wait("location.search === arguments[0][0]", words, file: file, line: line)
  }

  /// Puts the focus onto the chart.
  func focusChart() throws {
    try browser.wait("document.querySelector('[role=slider]')")
    try browser.run("document.querySelector('[role=slider]').focus()")
  }

  /// Drags the pointer over the chart, from one part of its width to another.
  func dragOverChart(from: Double, to: Double) throws {
    try browser.wait("document.querySelector('[role=slider]')")
    let box = try browser.run(
      """
      document.querySelector("[role=slider]").scrollIntoView({ block: "center" });
      const { left, top, width } = document.querySelector("[role=slider]").getBoundingClientRect();
      return [left, top, width].map(Math.round);
      """
    ).elements.map { Double(try $0.number) }
    for (type, share) in [
      ("mouseMoved", from), ("mousePressed", from), ("mouseMoved", (from + to) / 2),
      ("mouseMoved", to), ("mouseReleased", to),
    ] {
      try browser.command(
        "Input.dispatchMouseEvent",
        [
          "type": type, "x": box[0] + box[2] * share, "y": box[1] + 100, "button": "left",
          "buttons": type == "mouseReleased" ? 0 : 1, "clickCount": 1,
        ])
    }
  }

  func setNetwork(isOffline: Bool = false, delay: Int = 0) throws {
    try browser.command(
      "Network.emulateNetworkConditions",
      [
        "offline": isOffline, "latency": delay, "downloadThroughput": -1, "uploadThroughput": -1,
      ])
  }
}
