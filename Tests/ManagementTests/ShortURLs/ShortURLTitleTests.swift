import API
import Destinations
import EngineSupport
import JSON
import Links
import Management
import TestSupport
import Web
import XCTest

/// The title of a link: kept, set and taken away.
final class ShortURLTitleTests: XCTestCase {
  private func edition(_ title: JSONValue?) throws -> ShortURLEdition {
    var reader = InputReader(
      path: [:], query: QueryString(),
      members: JSONObject(title.map { [.init("title", $0)] } ?? []), .lenient)
    let edition = ShortURLEdition(from: &reader, OwnHosts())
    try reader.finish()
    return edition
  }

  func testATitleIsKeptSetAndTakenAway() throws {
    let link = Link(
      id: SnowflakeID(rawValue: 1), destination: DestinationURL(unchecked: "http://e.org/"))
    let links = try ChangedLinks(inserting: [link])
    let odd = "Plan 9'\"\\ \u{202E}ü"
    let longest = String(repeating: "\u{1F4A9}", count: 512)
    for (title, expected) in [
      (nil, nil), (.string(odd), odd), (nil, odd), (.null, nil),
      (.string(longest), longest), ("", ""), (.string(longest + "a"), longest),
      (.string("  \u{2003}a b\u{A0} "), "a b"), (.string(longest + "    "), longest), ("  ", ""),
    ] as [(JSONValue?, String?)] {
      let wanted = try edition(title)
      let edited = try links.store.edit(link.key) { $0 = wanted }
      XCTAssertEqual(edited?.title, expected)
      XCTAssertEqual(edited?.longURL, "http://e.org/")
    }
    XCTAssertEqual(try links.store.find(link.key), link)
    XCTAssertEqual(try links.outbox().count, 10)
  }

  func testATitleHasOneLineWithoutControlCharacters() throws {
    for title in [
      "a\nb", "\u{0}", "\u{1B}[2J", .number("1"),
      .array([]),
    ] as [JSONValue] {
      let failure = try assertThrows(InputFailure.self) { _ = try edition(title) }
      XCTAssertEqual(
        failure.problem(isREST: true).members.first?.value.array?.map(\.string), ["title"])
    }
  }
}
