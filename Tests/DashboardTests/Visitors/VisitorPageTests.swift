import Foundation
import TestSupport
import XCTest

/// The pages of visitors who meet no link, and the preview of one, in a browser.
final class VisitorPageTests: DashboardTestCase {
  func testEachPageIsReadableOnAnyScreenAndInBothThemes() throws {
    let ended = try person.make("https://example.com/", #""validUntil":"2001-01-01T00:00:00Z""#)
    let early = try person.make("https://example.com/", #""validSince":"2099-01-01T00:00:00Z""#)
    let long = try person.make(
      "https://www.example.com/" + String(repeating: "long-path/", count: 30) + "?"
        + String(repeating: "a", count: 300))
    for (name, path, heading) in [
      ("front", "/", "This site makes links short"),
      ("unknown", "/\(person.code("none"))", "There is no such link"),
      ("gone", "/\(ended)", "This link has ended"),
      ("early", "/\(early)", "This link isn’t open yet"),
      ("preview", "/\(long)+", "Where this link leads"),
    ] {
      try browser.open(path)
      XCTAssertEqual(try browser.run("return document.querySelector('h1').innerText").text, heading)
      XCTAssertEqual(
        try browser.run("return getComputedStyle(document.querySelector('.sign')).width").text,
        "56px", "the style is loaded")
      try browser.inspect("visitor-\(name)")
    }
  }

  func testAPreviewLeadsOnByKeyboardAndTellsNobodyWhereFrom() throws {
    let code = try person.make("https://example.com/there")
    try browser.open("/\(code)+")
    try browser.press("Tab")
    XCTAssertEqual(try browser.focused(), "Go there")
    let way = try browser.run(
      "const link = document.activeElement; return [link.href, link.rel]")
    XCTAssertEqual(
      try way.elements.map { try $0.text },
      ["https://example.com/there", "nofollow noopener noreferrer"])
  }
}
