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

  /// What a function of a module of the model returns.
  private func run(_ module: String, _ call: String) throws -> String {
    let modules = try Modules()
    try browser.open("/dashboard/")
    return try browser.runUntilCalled(
      """
      import("\(modules.address)model/\(module).js").then(
        ({ momentOf, localText, urlText, webAddress }) => arguments[0](\(call)),
        (error) => arguments[0](String(error)));
      """
    ).text
  }
}
