import API
import EngineSupport
import Foundation
import JSON
import Links
import Places
import TestSupport
import Web
import XCTest

@testable import Management

/// What a test of rules says of a made-up visitor.
final class RuleTraceTests: XCTestCase {
  private let time: Int64 = 1_790_000_000_000

  /// The trace of a visitor through one rule for each condition.
  private func trace(
    _ body: String, in places: PlaceFinder = PlaceFinder("", log: .quiet),
    _ conditions: RedirectCondition...
  ) throws -> RuleTrace {
    let members = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object)
    var reader = InputReader(path: [:], query: QueryString(), members: members, .lenient)
    let visitor = TestVisitor(from: &reader)
    try reader.finish()
    let rules = conditions.enumerated().map {
      RedirectRule(DestinationURL(unchecked: "https://e.org/\($0.offset + 1)"), when: [$0.element])
    }
    let list = RuleList(longURL: "https://e.org/", rules: rules, places.state())
    return visitor.withFacts(places, at: time) { RuleTrace(list, $0) }
  }

  func testTheFirstRuleThatAppliesIsNamedAndEachConditionIsTold() throws {
    let iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X) Version/16.2 Safari/604.1"
    let visitor = #"""
      {"url":"https://s.example/a?x=1&y#z","headers":{"user-agent":"\#(iPhone)"},
       "address":"::ffff:203.0.113.7"}
      """#
    let trace = try trace(
      visitor, .device(.android), .browser(.safari), .device(.mobile),
      .parameter(QueryParameter("x"), .all), .parameter(QueryParameter("z"), .all),
      .language(try XCTUnwrap(LanguageRange("de"))),
      .address(try XCTUnwrap(AddressPattern("203.0.113.0/24"))), .afterDate(time - 1),
      .beforeDate(time))
    XCTAssertEqual(trace.rule, 2)
    XCTAssertEqual(trace.longURL, "https://e.org/2")
    XCTAssertEqual(
      trace.steps.map { "\($0.rule) \($0.holds) \($0.because)" },
      [
        "1 false the user agent is ios, mobile", "2 true the user agent is safari",
        "3 true the user agent is ios, mobile", "4 true the query has x=1",
        "5 false the query has no z", "6 false there is no Accept-Language",
        "7 true the address is 203.0.113.7", "8 true the time is 2026-09-21T14:13:20+00:00",
        "9 false the time is 2026-09-21T14:13:20+00:00",
      ])
  }

  func testWhereNoRuleAppliesTheLinksOwnURLIsNamed() throws {
    let trace = try trace(
      #"{"time":"2020-01-31"}"#, .city("Berlin"), .device(.ios), .browser(.edge),
      .afterDate(1_600_000_000_000))
    XCTAssertNil(trace.rule)
    XCTAssertEqual(trace.longURL, "https://e.org/")
    XCTAssertEqual(trace.steps.map(\.holds), [false, false, false, false])
    XCTAssertEqual(
      trace.steps.first?.because, "the place isn't known: there is no geolocation database")
    XCTAssertEqual(trace.geolocation, .off)
  }

  func testAPlaceIsThatOfTheAddress() throws {
    let directory = try ScratchDirectory("trace")
    let path = URL(fileURLWithPath: directory("geo.mmdb"))
    try GeoDatabaseFile([("192.0.2.0/24", "DE", "Berlin"), ("2001:db8::/32", "FR", nil)])
      .replace(path)
    let places = PlaceFinder(path.path, log: .quiet)
    let germany = RedirectCondition.country(try XCTUnwrap(CountryCode("de")))
    for (body, holds, words) in [
      (
        #"{"address":"192.0.2.1"}"#, [true, true],
        ["the country is DE", "the city is Berlin"]
      ),
      (
        #"{"address":"2001:db8::1"}"#, [false, false],
        ["the country is FR", "the place isn't known"]
      ),
      (
        #"{"address":"192.0.3.1"}"#, [false, false],
        Array(repeating: "the place isn't known", count: 2)
      ),
      ("{}", [false, false], Array(repeating: "the place isn't known", count: 2)),
    ] {
      let trace = try trace(body, in: places, germany, .city("berlin"))
      XCTAssertEqual(trace.steps.map(\.holds), holds, body)
      XCTAssertEqual(trace.steps.map(\.because), words, body)
      XCTAssertEqual(trace.geolocation, .works)
    }
    let broken = PlaceFinder(directory("none.mmdb"), log: .quiet)
    let trace = try trace(#"{"address":"192.0.2.1"}"#, in: broken, germany)
    XCTAssertEqual(trace.geolocation, .unreadable)
    XCTAssertEqual(
      trace.steps.map(\.because),
      ["the place isn't known: the geolocation database can't be read"])
  }

  func testALinkWithoutRulesHasAnEmptyTrace() throws {
    let trace = try trace("{}")
    XCTAssertNil(trace.rule)
    XCTAssertEqual(trace.steps, [])
  }
}
