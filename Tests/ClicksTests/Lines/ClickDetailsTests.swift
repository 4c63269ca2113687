import Clicks
import XCTest

final class ClickDetailsTests: XCTestCase {
  func testALineHasOnlyTheDetailsThatAreNotTheDefaultAndEachReaderHasThem() throws {
    let cases: [(ClickDetails, String)] = [
      (ClickDetails(), ""), (ClickDetails(revision: 0), #","rev":0"#),
      (ClickDetails(revision: 12), #","rev":12"#), (ClickDetails(rule: 3), #","rule":3"#),
      (ClickDetails(domain: 4_294_967_295), #","domain":4294967295"#),
      (ClickDetails(flags: [.anonymous, .pixel]), #","flags":10"#),
      (ClickDetails(kind: .invalidShortURL), #","kind":3"#),
      (ClickDetails(kind: .baseURL, weight: 37), #","kind":2,"n":37"#),
      (
        ClickDetails(
          revision: 2, rule: 1, domain: 16, flags: .qrCode, kind: .regular404, weight: 2),
        #","rev":2,"rule":1,"domain":16,"flags":4,"kind":4,"n":2"#
      ),
    ]
    for (details, written) in cases {
      for isRetried in [false, true] {
        let click = Click(
          eventID: .random(), shortCode: "abc", milliseconds: 0, details: details,
          isRetried: isRetried)
        let line = Array(click.line.dropLast())
        XCTAssertEqual(try Click(parsing: line), click)
        let text = String(decoding: line, as: UTF8.self)
        let end = #""referrer":"""# + written + (isRetried ? #","retried":true}"# : "}")
        XCTAssertTrue(text.hasSuffix(end), text)
      }
    }
  }

  func testOnlyTheFirstTagOfALanguageIsWritten() throws {
    let cases = [
      ("", ""), ("de", "de"), ("de-DE,de;q=0.9,en;q=0.8", "de-DE"), ("en;q=0.5", "en"),
      (",de", ""), ("zh-Hant-TW-x-private", "zh-Hant-TW-"), ("\u{1}\"", "\u{1}\""),
    ]
    for (header, tag) in cases {
      let click = Click(eventID: .random(), shortCode: "abc", milliseconds: 0, language: header)
      let line = Array(click.line.dropLast())
      XCTAssertEqual(try Click(parsing: line).language, tag, header)
      XCTAssertEqual(String(decoding: line, as: UTF8.self).contains("lang"), !tag.isEmpty)
    }
  }

  func testOnlyAVisitWithoutALinkMayNameNothing() throws {
    for kind in ClickKind.allCases where kind != .link {
      let click = Click(
        eventID: .random(), shortCode: "", milliseconds: 0, details: ClickDetails(kind: kind))
      XCTAssertEqual(try Click(parsing: Array(click.line.dropLast())), click)
    }
    let line = Click(eventID: .random(), shortCode: "", milliseconds: 0).line.dropLast()
    XCTAssertThrowsError(try Click(parsing: Array(line)))
  }

  /// A consumer that knows no such visits would take them for clicks of a link of that name.
  func testAVisitWithoutALinkHasNoShortCode() {
    for kind in ClickKind.allCases {
      let click = Click(
        eventID: .random(), shortCode: "/a", milliseconds: 0, details: ClickDetails(kind: kind))
      let text = String(decoding: click.line, as: UTF8.self)
      XCTAssertEqual(text.contains(#""short_code":"/a""#), kind == .link, text)
      XCTAssertEqual(text.contains(#""path":"/a""#), kind != .link, text)
    }
  }
}
