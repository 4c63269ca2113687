import JSON
import Links
import TestSupport
import XCTest

final class RedirectRulesTests: XCTestCase {
  private func rule(_ url: String, _ conditions: RedirectCondition...) -> RedirectRule {
    RedirectRule(DestinationURL(unchecked: url), when: conditions)
  }

  private func condition(
    _ type: ConditionType, key: String? = nil, _ value: String? = nil
  ) throws -> RedirectCondition {
    try RedirectCondition(type, key: key, value: value)
  }

  func testTheFirstRuleWhoseConditionsAllHoldCounts() throws {
    let rules = try XCTUnwrap(
      RedirectRules([
        rule("https://none.example/"),
        rule(
          "https://both.example/", condition(.anyValueQueryParameter, key: "a"),
          condition(.anyValueQueryParameter, key: "b")),
        rule("https://a.example/", condition(.anyValueQueryParameter, key: "a")),
      ]))
    for (query, index) in [("a&b", 1), ("a", 2), ("b", nil), ("", nil)] as [(String, Int?)] {
      let found = Visitor(query: query).lend { rules.evaluate($0) }
      XCTAssertEqual(found?.index, index, query)
      XCTAssertEqual(found?.destination, index.map { rules.rules[$0].destination })
    }
  }

  func testRulesNameTheCostlyFactsThatTheirConditionsAskFor() throws {
    func needs(_ condition: RedirectCondition) -> VisitorFacts.Needs? {
      RedirectRules([rule("https://a.example/", condition)])?.needs
    }
    XCTAssertEqual(needs(try condition(.language, "en")), [])
    XCTAssertEqual(needs(try condition(.afterDate, "2026-01-01T00:00:00Z")), [])
    XCTAssertEqual(needs(try condition(.address, "::1")), .address)
    XCTAssertEqual(needs(try condition(.device, "ios")), .agent)
    XCTAssertEqual(needs(try condition(.browser, "edge")), .agent)
    XCTAssertEqual(needs(try condition(.country, "DE")), [.place, .address])
    XCTAssertEqual(needs(try condition(.city, "Berlin")), [.place, .address])
  }

  /// One of each type, with its texts as they are answered.
  private let each: [(ConditionType, String?, String?)] = [
    (.device, nil, "ios"), (.browser, nil, "android_browser"), (.language, nil, "pt_BR"),
    (.queryParameter, "a\"b", "ü\u{1F600}"), (.anyValueQueryParameter, "x[]", nil),
    (.valuelessQueryParameter, "y", nil), (.address, nil, "2001:DB8:*::1"), (.country, nil, "DE"),
    (.city, nil, "São Paulo"), (.beforeDate, nil, "2026-09-21T14:13:20+00:00"),
    (.afterDate, nil, "1970-01-01T00:00:00+00:00"),
  ]

  func testStoredRulesReadAsTheyWere() throws {
    XCTAssertEqual(Set(each.map(\.0)), Set(ConditionType.allCases))
    let conditions = try each.map { try condition($0.0, key: $0.1, $0.2) }
    let written = [
      RedirectRule(DestinationURL(unchecked: "https://a.example/?q=%22"), when: conditions),
      rule("https://b.example/"),
    ]
    let rules = try XCTUnwrap(RedirectRules(written))
    XCTAssertEqual(RedirectRules(stored: rules.stored), rules)
    for (type, key, value) in each {
      let condition = try condition(type, key: key, value)
      XCTAssertEqual(condition.type, type)
      XCTAssertEqual(condition.matchKey, key)
      XCTAssertEqual(condition.matchValue, value)
    }
  }

  func testATimeIsKeptToTheSecondWithinTheYearsThatCanBeWritten() throws {
    for (text, written) in [
      ("2026-09-21T16:13:20.999+02:00", "2026-09-21T14:13:20+00:00"),
      ("1969-07-20T20:17:00Z", "1970-01-01T00:00:00+00:00"),
      ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59+00:00"),
    ] {
      XCTAssertEqual(try condition(.afterDate, text).matchValue, written)
    }
  }

  func testTheStoredFormIsTheOneThatEarlierReleasesWrote() throws {
    let text = #"""
      [{"u":"https://a.example/","c":[["device",null,"ios"],["query-param","from","mail"]]},\#
      {"u":"http://b.example/","c":[]}]
      """#
    let rules = try XCTUnwrap(RedirectRules(stored: text))
    XCTAssertEqual(rules.stored, text)
    XCTAssertEqual(rules.rules.map(\.conditions.count), [2, 0])
  }

  func testWhatIsNoStoredRulesIsNotRead() {
    for text in [
      "", "null", "{}", "[]", "[{}]", #"["u"]"#, #"[{"u":"https://a.example/"}]"#,
      #"[{"u":"javascript:1","c":[]}]"#,
      #"[{"u":"https://a.example/","c":[["moon",null,"full"]]}]"#,
      #"[{"u":"https://a.example/","c":[["device",null,"fax"]]}]"#,
      #"[{"u":"https://a.example/","c":[["device","ios"]]}]"#,
      #"[{"u":"https://a.example/","c":[{}]}]"#, #"[{"u":"https://a.example/\n","c":[]}]"#,
      "[" + String(repeating: #"{"u":"https://a.example/","c":[]},"#, count: 100)
        + #"{"u":"https://a.example/","c":[]}]"#,
    ] {
      XCTAssertNil(RedirectRules(stored: text), text)
    }
  }

  func testTheLimitsBoundRulesAndConditions() throws {
    let condition = try condition(.device, "ios")
    XCTAssertNil(RedirectRules([]))
    XCTAssertNil(RedirectRules(Array(repeating: rule("https://a.example/"), count: 101)))
    for (count, isGood) in [(200, true), (201, false)] {
      let rule = RedirectRule(
        DestinationURL(unchecked: "https://a.example/"),
        when: Array(repeating: condition, count: count))
      XCTAssertEqual(RedirectRules([rule]) != nil, isGood)
      XCTAssertEqual(
        RedirectRules([rule]).flatMap { RedirectRules(stored: $0.stored) } != nil, isGood)
    }
  }
}
