import API
import Destinations
import JSON
import Links
import Management
import TestSupport
import Web
import XCTest

/// What the body of a PATCH asks for.
final class ShortURLEditionTests: XCTestCase {
  private func edition(_ body: String) throws -> ShortURLEdition {
    let members = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object)
    var reader = InputReader(path: [:], query: QueryString(), members: members, .lenient)
    let edition = ShortURLEdition(from: &reader, try OwnHosts(["sho.rt"]))
    try reader.finish()
    return edition
  }

  func testWhatIsAbsentIsKeptAndWhatIsUnknownIsPassedOver() throws {
    XCTAssertEqual(try edition("{}"), ShortURLEdition())
    XCTAssertEqual(try edition(#"{"label":["x"],"LongUrl":1,"crawlable":null}"#), ShortURLEdition())
  }

  func testEachFieldIsSet() throws {
    var expected = ShortURLEdition()
    expected.longURL = .set(DestinationURL(unchecked: "https://example.com/%C3%BC"))
    XCTAssertEqual(try edition(#"{"longUrl":" https://example.com/ü "}"#), expected)
    for isEnabled in [true, false] {
      expected.isEnabled = .set(isEnabled)
      XCTAssertEqual(
        try edition(#"{"longUrl":"https://example.com/ü","enabled":\#(isEnabled)}"#), expected)
    }
  }

  func testTimesAndLimitsAreSetAndTakenAway() throws {
    var expected = ShortURLEdition()
    expected.validSince = .set(1_798_761_600_000)
    expected.validUntil = .set(1_798_804_799_000)
    expected.maxVisits = .set(7)
    expected.tags = [try XCTUnwrap(TagName("a")), try XCTUnwrap(TagName("b-c"))]
    expected.isCrawlable = true
    expected.forwardsQuery = false
    expected.hasPreview = false
    XCTAssertEqual(
      try edition(
        """
        {"validSince":"2027-01-01","validUntil":"2027-01-01T12:59:59+01:00","maxVisits":"7",
        "crawlable":true,"forwardQuery":false,"preview":false,"tags":[" B c","a","b C"]}
        """), expected)
    (expected.validSince, expected.validUntil, expected.maxVisits) = (.clear, .clear, .clear)
    (expected.isCrawlable, expected.forwardsQuery, expected.tags) = (nil, nil, nil)
    expected.hasPreview = nil
    XCTAssertEqual(
      try edition(
        """
        {"validSince":null,"validUntil":null,"maxVisits":null,"forwardQuery":null,"tags":null}
        """), expected)
  }

  func testEverythingThatIsWrongIsNamedAtOnce() throws {
    for (body, names) in [
      (#"{"longUrl":null}"#, ["longUrl"]), (#"{"enabled":null}"#, ["enabled"]),
      (#"{"longUrl":"https://sho.rt/x","enabled":"perhaps"}"#, ["longUrl", "enabled"]),
      (#"{"longUrl":"javascript:alert(1)"}"#, ["longUrl"]), (#"{"enabled":2}"#, ["enabled"]),
      (#"{"maxVisits":0}"#, ["maxVisits"]), (#"{"maxVisits":2147483648}"#, ["maxVisits"]),
      (#"{"maxVisits":"many"}"#, ["maxVisits"]), (#"{"validSince":"soon"}"#, ["validSince"]),
      (#"{"validUntil":1798761600}"#, ["validUntil"]),
      (#"{"validSince":"1969-12-31T23:59:59Z"}"#, ["validSince"]),
      (#"{"validSince":"2027-01-01T00:00:01Z","validUntil":"2027-01-01"}"#, ["validUntil"]),
      (#"{"crawlable":"maybe"}"#, ["crawlable"]),
      (#"{"tags":"news"}"#, ["tags"]), (#"{"tags":[""]}"#, ["tags"]),
      (#"{"longUrl":["https://example.com/"]}"#, ["longUrl"]), (#"{"enabled":{}}"#, ["enabled"]),
    ] {
      let failure = try assertThrows(InputFailure.self) { _ = try edition(body) }
      let problem = failure.problem(isREST: true)
      XCTAssertEqual(problem.type, ProblemType.Shlink.invalidData, body)
      XCTAssertEqual(
        problem.members.first?.value.array?.map(\.string), names, problem.detail)
    }
  }
}
