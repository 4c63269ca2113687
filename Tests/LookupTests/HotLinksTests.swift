import Links
import Lookup
import XCTest

final class HotLinksTests: XCTestCase {
  private let hit = CacheLookup.hit(DestinationURL(unchecked: "https://example.com/"))

  private func code(_ number: Int) throws -> ShortCode { try XCTUnwrap(ShortCode("c\(number)")) }

  func testAnEntryIsGoodForItsLifetimeAndNotAMomentLonger() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let code = try code(1)
    XCTAssertEqual(links.lookup(code, at: 0), .unknown)
    links.remember(code, hit, at: 5000)
    XCTAssertEqual(links.lookup(code, at: 5999), hit)
    XCTAssertEqual(links.lookup(code, at: 6000), .unknown)
    links.remember(code, .missing, at: 7000)
    XCTAssertEqual(links.lookup(code, at: 7999), .missing)
  }

  func testTheLastDestinationOutlivesTheEntryUntilItIsForgotten() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let code = try code(1)
    XCTAssertNil(links.lastDestination(of: code))
    links.remember(code, hit, at: 0)
    XCTAssertEqual(links.lookup(code, at: 1_000_000), .unknown)
    XCTAssertEqual(links.lastDestination(of: code)?.description, "https://example.com/")
    links.remember(code, .missing, at: 0)
    XCTAssertNil(links.lastDestination(of: code))
    links.remember(code, hit, at: 0)
    links.forget(code)
    XCTAssertNil(links.lastDestination(of: code))
  }

  func testWhatIsForgottenOrUnknownIsGoneAtOnce() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000)
    let code = try code(1)
    links.remember(code, hit, at: 0)
    links.forget(code)
    XCTAssertEqual(links.lookup(code, at: 1), .unknown)
    links.remember(code, hit, at: 0)
    links.remember(code, .unknown, at: 0)
    XCTAssertEqual(links.lookup(code, at: 1), .unknown)
  }

  func testALinkAnswersForItsOwnCodeOnlyHoweverSmallTheTable() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000, places: 3)
    for number in 0..<1000 {
      let code = try code(number)
      links.remember(code, .hit(DestinationURL(unchecked: "https://e.org/\(number)")), at: 0)
      for other in max(0, number - 9)...number {
        let lookup = links.lookup(try self.code(other), at: 1)
        let own = CacheLookup.hit(DestinationURL(unchecked: "https://e.org/\(other)"))
        XCTAssertTrue(lookup == own || lookup == .unknown && other != number, "\(lookup)")
      }
    }
  }

  func testAURLThatIsTooLongForTheTableReplacesNothingButItsOwnEntry() throws {
    var links = HotLinks(lifetimeMilliseconds: 1000, places: 1)
    let (code, other) = (try code(1), try code(2))
    let long = String(repeating: "a", count: HotLinks.maximumURLBytes + 1)
    links.remember(code, hit, at: 0)
    links.remember(other, .hit(DestinationURL(unchecked: long)), at: 0)
    XCTAssertEqual(links.lookup(code, at: 1), hit)
    links.remember(code, .hit(DestinationURL(unchecked: long)), at: 0)
    XCTAssertEqual(links.lookup(code, at: 1), .unknown)
  }

  func testALifetimeOfZeroKeepsNothing() throws {
    var links = HotLinks(lifetimeMilliseconds: 0)
    links.remember(try code(1), hit, at: 0)
    XCTAssertEqual(links.lookup(try code(1), at: 0), .unknown)
    links.forget(try code(1))
  }
}
