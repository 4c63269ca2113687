import TestSupport
import XCTest

/// What the page reckons without showing it, by its own modules.
final class ModelTests: DashboardTestCase {
  func testALocalTimeIsAMomentOfItsZoneAndBack() throws {
    for (zone, local, moment) in [
      ("UTC", "2027-01-31T10:00", "2027-01-31T10:00:00+00:00"),
      ("Asia/Kathmandu", "2027-01-31T10:00", "2027-01-31T04:15:00+00:00"),
      ("America/New_York", "2027-03-14T01:59", "2027-03-14T06:59:00+00:00"),
      ("America/New_York", "2027-03-14T03:00", "2027-03-14T07:00:00+00:00"),
      ("America/New_York", "2027-11-07T03:00", "2027-11-07T08:00:00+00:00"),
    ] {
      XCTAssertEqual(try run("time", "momentOf('\(local)', '\(zone)')"), moment)
      XCTAssertEqual(try run("time", "localText('\(moment)', '\(zone)')"), local)
    }
    // A clock that is set forward has no such time: it is taken for the one an hour later.
    XCTAssertEqual(
      try run("time", "momentOf('2027-03-14T02:30', 'America/New_York')"),
      "2027-03-14T07:30:00+00:00")
    // One that is set back has it twice: either will do.
    XCTAssertTrue(
      ["2027-11-07T05:30:00+00:00", "2027-11-07T06:30:00+00:00"].contains(
        try run("time", "momentOf('2027-11-07T01:30', 'America/New_York')")))
  }

  func testAURLIsCutInItsPathAndNeverInItsHost() throws {
    XCTAssertEqual(try run("link", "urlText('https://www.example.com/')"), "example.com")
    let cut = try run("link", "urlText('https://shop.example.com/' + 'a'.repeat(200) + '/end')")
    XCTAssertTrue(cut.hasPrefix("shop.example.com/a"), cut)
    XCTAssertTrue(cut.hasSuffix("/end"), cut)
    XCTAssertLessThan(cut.count, 80)
  }

  func testOnlyWebAddressesAreLedTo() throws {
    for url in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "//x", ""] {
      XCTAssertEqual(try run("link", "String(webAddress('\(url)'))"), "undefined", url)
    }
    XCTAssertEqual(try run("link", "webAddress('https://a.example/')"), "https://a.example/")
  }

  func testACampaignIsWrittenIntoAURLThatElseStaysAsItWas() throws {
    for (url, name, value, written) in [
      ("https://a.example", "source", "x", "https://a.example?utm_source=x"),
      ("https://a.example/?", "source", "x", "https://a.example/?utm_source=x"),
      (
        "https://ä.example:80/%7e/?q=1+2&b=%zz&&c#f?utm_term=1", "term", "a b&ü+",
        "https://ä.example:80/%7e/?q=1+2&b=%zz&&c&utm_term=a%20b%26%C3%BC%2B#f?utm_term=1"
      ),
      (
        "https://a.example/?utm_source=1&b&utm%5Fsource=2#", "source", "3",
        "https://a.example/?utm_source=3&b#"
      ),
      ("https://a.example/?b&utm_medium=1&c", "medium", "", "https://a.example/?b&c"),
      ("https://a.example/?utm_medium=1#f", "medium", "", "https://a.example/#f"),
      ("https://a.example/?b&", "content", "1", "https://a.example/?b&utm_content=1"),
      (
        "https://a.example/??utm_source=1", "source", "2",
        "https://a.example/??utm_source=1&utm_source=2"
      ),
    ] {
      let call = "withUTM('\(url)', '\(name)', '\(value)')"
      XCTAssertEqual(try run("utm", call), written)
      XCTAssertEqual(try run("utm", "utmOf(\(call)).\(name)"), value, url)
    }
    XCTAssertEqual(
      try run("utm", "utmOf('https://a.example/?utm_campaign=a+b&utm_campaign=c').campaign"), "a b")
    for text in ["", "a.example/?utm_source=1", "mailto:a@b.example?utm_source=1", "https://"] {
      XCTAssertEqual(try run("utm", "String(utmOf('\(text)'))"), "undefined", text)
    }
  }

  /// What a function of a module of the model returns.
  private func run(_ module: String, _ call: String) throws -> String {
    let modules = try Modules()
    try browser.open("/dashboard/")
    return try browser.runUntilCalled(
      """
      import("\(modules.address)model/\(module).js").then(
        ({ momentOf, localText, urlText, webAddress, utmOf, withUTM }) => arguments[0](\(call)),
        (error) => arguments[0](String(error)));
      """
    ).text
  }
}
