import Links
import TestSupport
import XCTest

/// Each condition of a rule holds for the visitors that Shlink's documentation names, and for no others.
final class RedirectConditionTests: XCTestCase {
  private func assertParameter(
    _ type: ConditionType, _ key: String, _ value: String?, _ expected: [String: Bool],
    line: UInt = #line
  ) {
    for (query, holds) in expected {
      XCTAssertEqual(
        Visitor(query: query).meets(type, key: key, value), holds, query, line: line)
    }
  }

  func testAParameterIsComparedDecodedAndItsLastValueCounts() {
    assertParameter(
      .queryParameter, "foo", "bar baz",
      [
        "foo=bar+baz": true, "foo=bar%20baz": true, "f%6Fo=bar+b%61z": true,
        "a&foo=bar+baz&b=1": true,
        "foo=1&foo=bar+baz": true, "foo=bar+baz&foo=1": false, "foo=bar": false,
        "Foo=bar+baz": false,
        "foo=bar+baz+": false, "xfoo=bar+baz": false, "foo=bar%2520baz": false, "": false,
        "foo": false, "&&=&": false, "foo=bar+baz%": false,
      ])
    assertParameter(.queryParameter, "ü", "é", ["%C3%BC=%c3%a9": true, "%C3%BC=e": false])
  }

  func testAParameterOfAnyValueOnlyHasToBeThere() {
    assertParameter(
      .anyValueQueryParameter, "foo", nil,
      [
        "foo": true, "foo=": true, "foo=1": true, "b&foo&c": true, "fo": false, "": false,
        "=foo": false,
      ])
  }

  func testAValuelessParameterIsThereAndEmpty() {
    assertParameter(
      .valuelessQueryParameter, "foo", nil,
      ["foo": true, "foo=": true, "a=1&foo&b": true, "foo=1": false, "foo=0": false, "bar": false])
  }

  func testALanguageIncludesItsCountriesAndNotTheReverse() {
    for (header, languages) in [
      "en": ["en"], "en-GB": ["en", "en-GB"], "EN_gb": ["en", "en-GB"], "fr, en-US;q=0.9": ["en"],
      "fr,en;q=0.95 ": ["en"], "en;q=0.89": [], "en;q=0.8,fr": [], "*": [], "": [],
      "en-GBX": ["en"],
      "eng": [], "e": [], "de;q=1.0, en-gb ; q=1": ["en", "en-GB"], "en;q=x": [], ",,;,en": ["en"],
      "en-": ["en"], "en;": ["en"], "en-GB-oed": ["en", "en-GB"], "de,*;q=0.5": [],
    ] {
      for range in ["en", "en-GB", "EN_gb"] {
        let expected = languages.contains(range == "EN_gb" ? "en-GB" : range)
        XCTAssertEqual(
          Visitor(languages: header).meets(.language, range), expected, "\(header), \(range)")
      }
    }
  }

  func testALongHeaderOfLanguagesIsReadAtItsBeginningOnly() {
    let noise = String(repeating: "xx,", count: 100_000)
    XCTAssertEqual(Visitor(languages: noise + "en").meets(.language, "en"), false)
    XCTAssertEqual(Visitor(languages: "en," + noise).meets(.language, "en"), true)
  }

  func testAnAgentIsComparedByDeviceAndBrowser() {
    let phone = VisitorAgent(devices: .init(.android, .mobile), browser: .firefox)
    for device in RuleDevice.allCases {
      XCTAssertEqual(
        Visitor(agent: phone).meets(.device, device.rawValue),
        device == .android || device == .mobile)
      XCTAssertEqual(Visitor().meets(.device, device.rawValue), false)
    }
    XCTAssertEqual(Visitor(agent: phone).meets(.browser, "firefox"), true)
    XCTAssertEqual(Visitor(agent: phone).meets(.browser, "android_browser"), false)
    let unknown = VisitorAgent(devices: .init(), browser: nil)
    XCTAssertEqual(Visitor(agent: unknown).meets(.browser, "chrome"), false)
  }

  func testAPlaceIsComparedByCountryAndCityAndAnUnknownOneByNeither() {
    let madrid = Visitor(place: VisitorPlace(country: CountryCode("es"), city: "Madrid"))
    XCTAssertEqual(madrid.meets(.country, "ES"), true)
    XCTAssertEqual(madrid.meets(.country, "PT"), false)
    XCTAssertEqual(madrid.meets(.city, "MADRID"), true)
    XCTAssertEqual(madrid.meets(.city, "Madri"), false)
    XCTAssertEqual(Visitor().meets(.country, "ES"), false)
    let nowhere = Visitor(place: VisitorPlace(country: nil, city: ""))
    XCTAssertEqual(nowhere.meets(.country, "ES"), false)
  }

  func testADateIsAfterOrBeforeButNeverTheMomentItself() {
    let text = "2026-09-21T15:13:20+01:00"
    for (time, isBefore, isAfter) in [
      (1_789_999_999_999, true, false), (1_790_000_000_000, false, false),
      (1_790_000_000_001, false, true),
    ] as [(Int64, Bool, Bool)] {
      XCTAssertEqual(Visitor(time: time).meets(.beforeDate, text), isBefore)
      XCTAssertEqual(Visitor(time: time).meets(.afterDate, text), isAfter)
    }
  }

  func testWhatAConditionCannotMeanIsRefusedByItsMember() {
    let long = String(repeating: "a", count: 513)
    let invalid: [(ConditionType, String?, String?, InvalidCondition.Member)] = [
      (.device, nil, "Android", .value), (.device, nil, nil, .value),
      (.browser, nil, "lynx", .value),
      (.language, nil, "", .value), (.language, nil, "e", .value),
      (.language, nil, "en--gb", .value),
      (.language, nil, "en gb", .value), (.language, nil, "*", .value),
      (.language, nil, "ñn", .value),
      (.queryParameter, nil, "a", .key), (.queryParameter, "", "a", .key),
      (.queryParameter, "a", "", .value), (.queryParameter, "a", nil, .value),
      (.queryParameter, long, "a", .key), (.queryParameter, "a", long, .value),
      (.anyValueQueryParameter, nil, "a", .key), (.valuelessQueryParameter, "", nil, .key),
      (.address, nil, "nothing", .value), (.country, nil, "XX", .value),
      (.country, nil, "ESP", .value),
      (.country, nil, "ÆS", .value), (.city, nil, nil, .value), (.city, nil, long, .value),
      (.beforeDate, nil, "tomorrow", .value), (.afterDate, nil, "2026-02-30T00:00:00Z", .value),
    ]
    for (type, key, value, member) in invalid {
      XCTAssertThrowsError(
        try RedirectCondition(type, key: key, value: value), "\(type) \(value ?? "-")"
      ) {
        XCTAssertEqual(($0 as? InvalidCondition)?.member, member, "\(type)")
      }
    }
  }
}
