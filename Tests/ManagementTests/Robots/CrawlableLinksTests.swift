import Links
import Management
import XCTest

/// What a worker remembers for robots.txt.
final class CrawlableLinksTests: XCTestCase {
  private struct Away: Error {}

  private func slugs(_ texts: [String]) throws -> [Slug] {
    try texts.map { try XCTUnwrap(Slug($0)) }
  }

  func testAListIsReadOnceAMinuteAndTheLastOneIsGoodWhileNoneCanBeRead() throws {
    let links = CrawlableLinks()
    var reads = 0
    let found = try slugs(["a", "b"])
    func lines(_ now: Int64) throws -> String {
      try links.lines(of: "", at: now) { () throws(Away) in
        reads += 1
        return found
      }
    }
    for now: Int64 in [5, 6, 60_004] {
      XCTAssertEqual(try lines(now), "Allow: /a\nAllow: /b\n")
    }
    XCTAssertEqual(reads, 1)
    _ = try lines(60_005)
    XCTAssertEqual(reads, 2)
    XCTAssertEqual(
      try links.lines(of: "", at: 900_000) { () throws(Away) in throw Away() },
      "Allow: /a\nAllow: /b\n")
    XCTAssertThrowsError(
      try links.lines(of: "other.example", at: 0) { () throws(Away) in throw Away() })
  }

  func testHostsWithoutLinksTakeNoPlaceAndThoseWithLinksOnlySoMany() throws {
    let links = CrawlableLinks()
    let one = try slugs(["a"])
    func isRemembered(_ domain: String, at now: Int64, _ slugs: [Slug] = []) throws -> Bool {
      var wasAsked = false
      _ = try links.lines(of: domain, at: now) { () throws(Away) in
        wasAsked = true
        return slugs
      }
      return !wasAsked
    }
    for turn in 0..<2 { XCTAssertEqual(try isRemembered("", at: 0), turn == 1) }
    for number in 0..<7 { _ = try isRemembered("\(number).example", at: 1, one) }
    for _ in 0..<3 { XCTAssertFalse(try isRemembered("none.example", at: 2)) }
    XCTAssertTrue(try isRemembered("0.example", at: 2))
    XCTAssertTrue(try isRemembered("", at: 2))
    _ = try isRemembered("8.example", at: 3, one)
    XCTAssertTrue(try isRemembered("8.example", at: 4))
    XCTAssertFalse(try isRemembered("", at: 4), "the oldest one gave its place")
  }

  func testTheLinesOfADomainAreBounded() throws {
    let slugs = try slugs(
      (0..<2000).map { String(repeating: "x", count: 240) + String(10_000 + $0) })
    let lines = try CrawlableLinks().lines(of: "", at: 0) { () throws(Away) in slugs }
    XCTAssertLessThanOrEqual(lines.utf8.count, CrawlableLinks.maximumBytes)
    XCTAssertGreaterThan(lines.utf8.count, CrawlableLinks.maximumBytes - 300)
    XCTAssertTrue(lines.hasSuffix("\n"))
  }
}
