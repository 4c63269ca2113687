import Foundation
import Links
import TestSupport
import Text
import XCTest

final class SlugTests: XCTestCase {
  func testASlugIsUpTo255UnreservedBytesThatEndInALetterOrDigitOrOneMarkBehindIt() {
    for text in [
      "a", "aZ09", "a-b", "a.b_c~d", "-a", ".a", "~~a", "a-", "a.", "a_", "a~", "A.b-",
      "a/b", "news/2026/a-b.c~", ".a/-b-/c.", "a/..b",
      String(repeating: "a", count: 255), String(repeating: "-", count: 254) + "9",
    ] {
      XCTAssertEqual(Slug(text)?.description, text)
      let bytes = Array(text.utf8)
      XCTAssertEqual(bytes.withUnsafeBufferPointer { Slug($0) }?.description, text)
    }
    for text in [
      "", "-", ".", "..", "~", "a--", "a..", "a-.", "---", "a%2f", "a b", "/", "/a", "a/", "a//b",
      "a/b/",
      "a/..", "../a", "a/../b", "a/./b", "a/-/b", "a/~", "a/b c", "a%2Fb", "a+b", "a:b",
      "a\r\nb", "ä", "a\0", "a&b", "a'", "a\"b", "a\u{7F}", String(repeating: "a", count: 256),
    ] {
      XCTAssertNil(Slug(text), text.debugDescription)
      let bytes = Array(text.utf8)
      XCTAssertNil(bytes.withUnsafeBufferPointer { Slug($0) }, text.debugDescription)
    }
  }

  func testTheSlugOfAnIDTellsTheIDAndNamesItsParts() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1023, sequence: 4095)
    XCTAssertEqual(id.timestamp, 91_234_567_890)
    XCTAssertEqual(id.worker, 1023)
    XCTAssertEqual(id.sequence, 4095)
    XCTAssertEqual(SnowflakeID(base62: Slug(id).description.utf8), id)
    let last = SnowflakeID(rawValue: .max)
    XCTAssertEqual(SnowflakeID(base62: Slug(last).description.utf8), last)
  }

  func testASlugThatIsNoIDsOwnTellsNone() {
    for text in [
      "", "0", "00", "0a", "a-b", "a.", "AzL8n0Y58m8", "LygHa16AHYF", "zzzzzzzzzzz", "zzzzzzzzzzzz",
    ] {
      XCTAssertNil(SnowflakeID(base62: text.utf8), text)
    }
  }

  func testAnIDInDigitsIsPositiveAndHasOneText() {
    for text in ["1", "10", "4711", "9223372036854775807"] {
      XCTAssertEqual(SnowflakeID(decimal: text.utf8).map { "\($0.rawValue)" }, text)
    }
    for text in [
      "", "0", "01", "-1", "+1", "1 ", " 1", "1a", "9223372036854775808", "9999999999999999999",
      "10000000000000000000", "18446744073709551617", "\u{661}",
    ] {
      XCTAssertNil(SnowflakeID(decimal: text.utf8), text)
    }
  }

  /// Ids since the 38th day of 2024 have ten digits and more.
  func testNoSlugThatIsMadeIsReservedOrShadowsARoute() throws {
    let first = SnowflakeID(timestamp: 38 * 86_400_000, worker: 0, sequence: 0)
    let last = SnowflakeID(
      timestamp: SnowflakeID.maximumTimestamp, worker: SnowflakeID.maximumWorker,
      sequence: SnowflakeID.maximumSequence)
    XCTAssertEqual(Slug(first).description.utf8.count, 10)
    XCTAssertEqual(Slug(last).description.utf8.count, 11)
    for word in try routes() {
      XCTAssertTrue(!(10...11).contains(word.utf8.count) || !word.utf8.allSatisfy(Base62.contains))
    }
  }

  func testEveryRouteIsReserved() throws {
    let routes = try routes()
    for word in ["shorten", "stats", "health", "docs", "openapi.json"] {
      XCTAssertTrue(routes.contains(word), word)
    }
    for word in routes.union([
      "dashboard", "rest", "analytics", "robots.txt", "favicon.ico", ".well-known", ".a",
    ]) {
      let slug = try XCTUnwrap(Slug(word), word)
      XCTAssertTrue(slug.isReserved, word)
    }
    for word in ["rest/v3", "docs/a", ".a/b", "a/qr-code", "a/b/visits", "a/track/b"] {
      XCTAssertTrue(try XCTUnwrap(Slug(word), word).isReserved, word)
    }
    for word in [
      "visits", "a/docs", "a/.b", "track/a", "Shorten", "stats2", "doc", "a.well-known", "robots",
      "rest-", "1LDUVEdRXYk",
    ] {
      XCTAssertFalse(try XCTUnwrap(Slug(word)).isReserved, word)
    }
  }

  /// The first segments of what nginx's files and the API's description name.
  private func routes() throws -> Set<String> {
    var words: Set<String> = []
    let directory = Repository.url("nginx-config/swiftlet")
    for file in try FileManager.default.contentsOfDirectory(atPath: directory.path)
    where file.hasSuffix(".conf") {
      let text = try Repository.text("nginx-config/swiftlet/" + file)
      for match in text.matches(of: /(?m)^ *location (?:=|\^~) \/([^\/ ]+)/) {
        words.insert(String(match.1))
      }
    }
    let description = try Repository.text("nginx-config/docs/openapi.json")
    for match in description.matches(of: /(?m)^ *"\/([^\/"]+)[^"]*": \{/) {
      words.insert(String(match.1))
    }
    return words.filter { !$0.hasPrefix("{") }
  }

  func testKeysDifferByDomainAndBySlug() throws {
    let (slug, other) = (try XCTUnwrap(Slug("a")), try XCTUnwrap(Slug("b")))
    let keys = [
      LinkKey(slug), LinkKey(other), LinkKey(slug, domain: "x.example"),
      LinkKey(other, domain: "x.example"), LinkKey(slug, domain: "y.example"),
    ]
    XCTAssertEqual(Set(keys).count, 5)
    XCTAssertEqual(LinkKey(slug), LinkKey(slug, domain: ""))
    XCTAssertEqual(keys.map(\.isOfDefaultDomain), [true, true, false, false, false])
  }
}
