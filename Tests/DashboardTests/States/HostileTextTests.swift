import Foundation
import TestSupport
import XCTest

/// Names, titles and programs that want to be markup, in every view that shows them.
final class HostileTextTests: NumbersTestCase {
  private static let markup = "<img/src=x/onerror=alert(1)>"

  func testItStaysTextInEveryView() throws {
    let markup = Self.markup
    let estate = try Estate()
    let owner = try estate.person()
    let code = try owner.make(
      "https://example.com/", #""title":"Title \#(markup)","tags":["\#(markup)"]"#)
    let id = try owner.ask("GET", "short-urls/\(code)")["id"].text
    try StoredClicks.store(
      of: id,
      "SELECT 1780338000 AS second, 0 AS bot, '\(markup)' AS host, '192.0.2.1' AS address")
    let key = try owner.ask("POST", "api-keys", #"{"name":"Key \#(markup)"}"#)["key"].text
    let session = try HTTPClient.site().request(
      "POST", "/rest/v3/session",
      [
        ("X-Api-Key", key), ("Content-Type", "application/json"),
        ("User-Agent", "Agent \(markup)"),
      ],
      body: Array("{}".utf8))
    XCTAssertEqual(session.status, 201, session.text)

    try browser.open("/dashboard/keys")
    try browser.fill("API key", with: key)
    try browser.press("Enter")
    try assertText("Key \(markup)")
    try assertText("Agent \(markup)")
    try browser.inspect("keys-hostile")
    let tag = try XCTUnwrap(markup.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
    for (path, text) in [
      ("overview", "Title \(markup)"), ("links?tag=\(tag)", "Title \(markup)"),
      ("links?search=\(tag)", "“\(markup)”"), ("links/\(code)?range=all", "Title \(markup)"),
      ("analytics?of=tag:\(tag)&range=all", markup), ("compare?of=tag:\(tag)&range=all", markup),
    ] {
      try browser.open("/dashboard/\(path)")
      try assertText(text)
    }
    try browser.open("/dashboard/links/\(code)/edit")
    try browser.wait("document.querySelector('dialog .editor')")
    XCTAssertEqual(try browser.value("Title"), "Title \(markup)")
    try assertText(markup)
    try browser.inspect("editor-hostile")
    try browser.open("/dashboard/keys")
    try browser.choose("Edit", inMenuOf: owner.name)
    try browser.fill("Name", with: "Key \(markup)")
    try browser.click("Save")
    try browser.waitFor("Another API key has this name.")
    try assertText("Key \(markup)")
  }

  /// Waits until a text is seen, and asserts that nothing of it has become markup.
  private func assertText(
    _ text: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try browser.waitUntilReady(file: file, line: line)
    try browser.waitFor(text, file: file, line: line)
    let found = try browser.run("return document.querySelectorAll('[onerror], [src=x]').length")
    XCTAssertEqual(try found.number, 0, file: file, line: line)
  }
}
