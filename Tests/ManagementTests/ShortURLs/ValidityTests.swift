import API
import Access
import Destinations
import JSON
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// Links that would be valid at no time aren't made, and no edit makes one.
final class ValidityTests: XCTestCase {
  private func names(_ failure: InputFailure) -> [String?]? {
    failure.problem(isREST: true).members.first?.value.array?.map(\.string)
  }

  func testNoNewLinkEndsBeforeItBeginsOrBegins1969() throws {
    let scene = try ManagedScene()
    func make(_ since: JSONValue, _ until: JSONValue) throws {
      _ = try scene.perform(
        CreateShortURL(OwnHosts()),
        body: ["longUrl": "https://e.test/", "validSince": since, "validUntil": until],
        for: .operator)
    }
    for (since, until, name) in [
      ("2027-01-02", "2027-01-01", "validUntil"), ("1969-12-31", .null, "validSince"),
      (.null, "1969-12-31T23:59:59.999Z", "validUntil"), (.null, "0001-01-01", "validUntil"),
    ] as [(JSONValue, JSONValue, String)] {
      let failure = try assertThrows(InputFailure.self) { try make(since, until) }
      XCTAssertEqual(names(failure), [name])
    }
    XCTAssertEqual(try scene.count("short_urls"), 0)
    try make("1970-01-01", "1970-01-01")
    XCTAssertEqual(try scene.count("short_urls"), 1)
  }

  func testAnEditOfOneEndIsComparedWithTheOtherOneThatTheLinkKeeps() throws {
    let scene = try ManagedScene()
    let link = try scene.perform(
      CreateShortURL(OwnHosts()),
      body: [
        "longUrl": "https://e.test/", "customSlug": "x", "validSince": "2027-01-02",
        "validUntil": "2027-01-04",
      ], for: .operator)
    func edit(_ change: (inout ShortURLEdition) -> Void) throws -> ShortURL {
      var edition = ShortURLEdition()
      change(&edition)
      return try EditShortURL(OwnHosts()).perform(
        .init(ShortURLName(try XCTUnwrap(Slug("x"))), edition), for: .operator, in: scene.stores)
    }
    let day: Int64 = 86_400_000
    let (since, until) = (
      try XCTUnwrap(link.meta.validSince), try XCTUnwrap(link.meta.validUntil)
    )
    for (name, change) in [
      ("validSince", { $0.validSince = .set(until + day) }),
      ("validUntil", { $0.validUntil = .set(since - day) }),
    ] as [(String, (inout ShortURLEdition) -> Void)] {
      let failure = try assertThrows(ManagementFailure.self) { _ = try edit(change) }
      guard case .invalid(let input) = failure else { return XCTFail("\(failure)") }
      XCTAssertEqual(names(input), [name])
    }
    XCTAssertEqual(try edit { $0.validSince = .set(until) }.meta.validSince, until)
    // What takes the other end away, or moves both, is no contradiction.
    XCTAssertNil(
      try edit {
        $0.validSince = .clear
        $0.validUntil = .set(since - day)
      }.meta.validSince)
    XCTAssertEqual(
      try edit {
        $0.validSince = .set(until + day)
        $0.validUntil = .set(until + 2 * day)
      }.meta.validSince, until + day)
  }
}
