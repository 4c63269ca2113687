import Links
import Lookup
import XCTest

final class HotLinksTests: XCTestCase {
  private let hit = CacheLookup.hit(
    PlainLink(DestinationURL(unchecked: "https://example.com/")))

  private func key(_ number: Int) throws -> LinkKey {
    LinkKey(try XCTUnwrap(Slug("c\(number)")))
  }

  func testAnEntryIsGoodForItsLifetimeAndNotAMomentLonger() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let key = try key(1)
    XCTAssertEqual(links.lookup(key, at: 0), .unknown)
    links.remember(key, hit, at: 5000)
    XCTAssertEqual(links.lookup(key, at: 5999), hit)
    XCTAssertEqual(links.lookup(key, at: 6000), .unknown)
    links.remember(key, .missing, at: 7000)
    XCTAssertEqual(links.lookup(key, at: 7999), .missing)
  }

  func testTheLastDestinationOutlivesTheEntryUntilItIsForgotten() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let key = try key(1)
    XCTAssertNil(links.lastLink(key))
    links.remember(key, hit, at: 0)
    XCTAssertEqual(links.lookup(key, at: 1_000_000), .unknown)
    XCTAssertEqual(links.lastLink(key)?.destination.description, "https://example.com/")
    links.remember(key, .missing, at: 0)
    XCTAssertNil(links.lastLink(key))
    links.remember(key, hit, at: 0)
    links.forget(key)
    XCTAssertNil(links.lastLink(key))
  }

  func testWhatIsForgottenOrUnknownIsGoneAtOnce() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let key = try key(1)
    links.remember(key, hit, at: 0)
    links.forget(key)
    XCTAssertEqual(links.lookup(key, at: 1), .unknown)
    links.remember(key, hit, at: 0)
    links.remember(key, .unknown, at: 0)
    XCTAssertEqual(links.lookup(key, at: 1), .unknown)
  }

  func testALinkAnswersForItsOwnCodeOnlyHoweverSmallTheTable() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000, places: 3)
    for number in 0..<1000 {
      let key = try key(number)
      links.remember(
        key, .hit(PlainLink(DestinationURL(unchecked: "https://e.org/\(number)"))), at: 0)
      for other in max(0, number - 9)...number {
        let lookup = links.lookup(try self.key(other), at: 1)
        let own = CacheLookup.hit(PlainLink(DestinationURL(unchecked: "https://e.org/\(other)")))
        XCTAssertTrue(lookup == own || lookup == .unknown && other != number, "\(lookup)")
      }
    }
  }

  func testAURLThatIsTooLongForTheTableReplacesNothingButItsOwnEntry() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000, places: 1)
    let (key, other) = (try key(1), try key(2))
    let long = String(repeating: "a", count: HotLinks.maximumURLBytes + 1)
    links.remember(key, hit, at: 0)
    links.remember(other, .hit(PlainLink(DestinationURL(unchecked: long))), at: 0)
    XCTAssertEqual(links.lookup(key, at: 1), hit)
    links.remember(key, .hit(PlainLink(DestinationURL(unchecked: long))), at: 0)
    XCTAssertEqual(links.lookup(key, at: 1), .unknown)
  }

  func testALifetimeOfZeroKeepsNothing() throws {
    var links = HotLinks(lifetimeMilliseconds: 0)
    links.remember(try key(1), hit, at: 0)
    XCTAssertEqual(links.lookup(try key(1), at: 0), .unknown)
    links.forget(try key(1))
  }
}
