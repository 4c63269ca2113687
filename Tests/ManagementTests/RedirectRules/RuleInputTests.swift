import API
import Destinations
import JSON
import Links
import Management
import TestSupport
import Web
import XCTest

/// What the body of a POST of redirect rules means.
final class RuleInputTests: XCTestCase {
  private func rules(_ body: String) throws -> [RedirectRule] {
    let members = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object)
    var reader = InputReader(
      path: ["shortCode": "abc"], query: QueryString(), members: members, .lenient)
    let input = SetRedirectRules(try OwnHosts(["sho.rt"])).input(from: &reader)
    try reader.finish()
    return try input.rules.get()
  }

  private func rule(_ condition: String) -> String {
    #"{"redirectRules":[{"longUrl":"https://example.com/","conditions":[\#(condition)]}]}"#
  }

  /// Those of Shlink's own tests, and one of IPv6.
  func testShlinksConditionsAreTakenAsTheyAre() throws {
    for (type, key, value) in [
      ("language", nil, "en"), ("any-value-query-param", "foo", nil),
      ("query-param", "hello", "world"),
      ("valueless-query-param", "foo", nil), ("ip-address", nil, "1.2.3.4"),
      ("ip-address", nil, "1.2.3.0/24"), ("ip-address", nil, "1.2.3.*"),
      ("ip-address", nil, "1.2.*.4"),
      ("ip-address", nil, "2001:db8::/32"), ("geolocation-country-code", nil, "US"),
      ("geolocation-city-name", nil, "São Paulo"), ("device", nil, "chromeos"),
      ("browser", nil, "android_browser"), ("before-date", nil, "2026-09-21T14:13:20+00:00"),
    ] as [(String, String?, String?)] {
      let text = { (text: String?) in text.map { "\"\($0)\"" } ?? "null" }
      let read = try rules(
        rule(#"{"type":"\#(type)","matchKey":\#(text(key)),"matchValue":\#(text(value))}"#))
      let condition = try XCTUnwrap(read.first?.conditions.first)
      XCTAssertEqual(condition.type.rawValue, type)
      XCTAssertEqual(condition.matchKey, key)
      XCTAssertEqual(condition.matchValue, value)
    }
  }

  func testADateMayLackItsTimeAndATimeItsOffset() throws {
    for text in ["2026-01-31", "2026-01-31T00:00:00", "2026-01-31T01:00:00.9+01:00"] {
      let read = try rules(rule(#"{"type":"after-date","matchValue":"\#(text)"}"#))
      XCTAssertEqual(read.first?.conditions.first?.matchValue, "2026-01-31T00:00:00+00:00", text)
    }
  }

  func testAnEmptyListAndARuleWithoutConditionsAreTaken() throws {
    XCTAssertEqual(try rules(#"{"redirectRules":[],"else":1}"#), [])
    XCTAssertEqual(try rules(rule("")).map(\.conditions.count), [0])
  }

  func testAnInvalidRuleIsToldByItsPlace() throws {
    let condition = #"{"type":"device","matchValue":"ios"}"#
    let many = { (text: String, count: Int) in
      Array(repeating: text, count: count).joined(separator: ",")
    }
    let wholeRule = #"{"longUrl":"https://example.com/","conditions":[\#(condition)]}"#
    for (body, place) in [
      ("{}", "is missing"), (#"{"redirectRules":null}"#, "must be a list"),
      (#"{"redirectRules":{}}"#, "must be a list"), (#"{"redirectRules":["foo"]}"#, "[0]: must"),
      (#"{"redirectRules":[{"conditions":[]}]}"#, "[0].longUrl"),
      (#"{"redirectRules":[{"longUrl":"invalid","conditions":[]}]}"#, "[0].longUrl"),
      (#"{"redirectRules":[{"longUrl":"https://sho.rt/a","conditions":[]}]}"#, "[0].longUrl"),
      (#"{"redirectRules":[{"longUrl":"javascript:1","conditions":[]}]}"#, "[0].longUrl"),
      (#"{"redirectRules":[{"longUrl":"https://example.com"}]}"#, "[0].conditions"),
      (
        #"{"redirectRules":[\#(wholeRule),{"longUrl":"https://example.com","conditions":"foo"}]}"#,
        "[1].conditions"
      ),
      (rule("1"), "[0].conditions[0]: must"), (rule("{}"), "[0].conditions[0].type"),
      (rule(#"{"type":"invalid","matchValue":"foo"}"#), "[0].conditions[0].type"),
      (rule(condition + #",{"type":"device","matchValue":"fax"}"#), "conditions[1].matchValue"),
      (rule(#"{"type":"device","matchValue":1}"#), "conditions[0].matchValue"),
      (rule(#"{"type":"query-param","matchKey":[],"matchValue":"a"}"#), "conditions[0].matchKey"),
      (
        rule(#"{"type":"ip-address","matchValue":"not an IP address"}"#), "conditions[0].matchValue"
      ),
      (
        rule(#"{"type":"geolocation-country-code","matchValue":"none"}"#),
        "conditions[0].matchValue"
      ),
      (rule(#"{"type":"before-date","matchValue":"soon"}"#), "conditions[0].matchValue"),
      (rule(many(condition, 201)), "more than 200 conditions"),
      (#"{"redirectRules":[\#(many(wholeRule, 101))]}"#, "100 rules at most"),
      (
        #"{"redirectRules":[\#(many(#"{"longUrl":"https://e.org/","conditions":[\#(many(condition, 101))]}"#, 2))]}"#,
        "200 conditions at most"
      ),
    ] {
      let failure = try assertThrows(InputFailure.self) { _ = try rules(body) }
      let problem = failure.problem(isREST: true)
      XCTAssertEqual(problem.type, ProblemType.Shlink.invalidData)
      XCTAssertEqual(problem.members.first?.value.array, ["redirectRules"])
      XCTAssertTrue(problem.detail.contains(place), "\(problem.detail), not \(place)")
    }
  }
}
