import Foundation
import TestSupport
import XCTest

/// The numbers of everything, a tag or a domain, beside each other and at size.
final class ScopeNumbersTests: NumbersTestCase {
  func testEverythingATagAndADomainHaveTheSameView() throws {
    let tag = person.code("tag")
    let (code, id) = try makeLink("tagged", #""tags":["\#(tag)"]"#)
    let (_, other) = try makeLink("other")
    try StoredClicks.store(of: id, at: [1_780_338_000, 1_780_338_001])
    try StoredClicks.store(of: other, at: [1_780_338_002])
    try signIn("analytics?range=all&tz=UTC")
    try waitFor(figure: "Clicks", "3")
    try browser.waitFor("/\(code)")
    try browser.choose("tag:\(tag)", of: "Clicks of")
    try waitFor(figure: "Clicks", "2")
    try browser.inspect("analytics-tag")
    try browser.open("/dashboard/analytics?of=domain:DEFAULT&range=all")
    try waitFor(figure: "Clicks", "3")
    try browser.open("/dashboard/analytics?of=tag:nothing-has-it")
    try browser.waitFor("Try again")
    try browser.inspect("analytics-unknown")
  }

  func testLinksAndTagsAreCompared() throws {
    let tag = person.code("tag")
    let (one, id) = try makeLink("one", #""tags":["\#(tag)"]"#)
    let (two, other) = try makeLink("two")
    try StoredClicks.store(of: id, at: [1_780_338_000, 1_780_424_400])
    try StoredClicks.store(of: other, at: [1_780_424_400])
    try signIn("compare")
    try browser.waitFor("Nothing to compare yet")
    try browser.inspect("compare-empty")
    for code in [one, two] {
      try browser.fill("What to compare", with: code)
      try browser.press("Enter")
      try browser.waitFor("/\(code)")
    }
    try browser.choose("tag", of: "Kind")
    try browser.fill("What to compare", with: tag)
    try browser.click("Add")
    try browser.wait("document.querySelectorAll('.compared .chip').length === 3")
    let address = try browser.run("return location.pathname + location.search").text
    try browser.open(address + "&from=2026-06-01&to=2026-06-03&tz=UTC")
    try browser.wait("document.querySelector('svg[role=img]')")
    XCTAssertEqual(try chart(), "Clicks: /\(one) 2, /\(two) 1, \(tag) 2.")
    try browser.inspect("compare")
    try focusChart()
    try browser.press("Home")
    XCTAssertEqual(try reading(), "Mon, 1 Jun 2026: /\(one) 1, /\(two) 0, \(tag) 1")
    try browser.click(script: "return document.querySelector('main input[type=checkbox]')")
    try browser.wait("location.search.includes('align=first')")
    try focusChart()
    try browser.press("Home")
    XCTAssertEqual(try reading(), "Day 1: /\(one) 1, /\(two) 1, \(tag) 1")
    try browser.click("Remove /\(one)")
    try browser.wait(
      "document.querySelector('svg[role=img]')?.getAttribute('aria-label') === arguments[0][0]",
      "Clicks: /\(two) 1, \(tag) 2.")
  }

  func testALinkAndADomainAreCompared() throws {
    let (code, id) = try makeLink()
    try StoredClicks.store(of: id, at: [1_780_338_000])
    try signIn("compare?of=link:\(code)&of=domain:DEFAULT&range=all")
    try browser.wait("document.querySelector('svg[role=img]')")
    XCTAssertEqual(try chart(), "Clicks: /\(code) 1, Default domain 1.")
  }

  func testAMillionClicksAreThoseOfClickHouse() throws {
    let (code, id) = try makeLink()
    try StoredClicks.store(
      of: id,
      """
      SELECT toUnixTimestamp(toDateTime('2026-01-01 00:00:00', 'UTC')) + number * 20 AS second, number % 25 = 0 AS bot,
        if(number % 3 = 0, '', concat('host', toString(number % 41), '.example')) AS host,
        concat('10.0.', toString(number % 200), '.', toString(number % 7)) AS address
      FROM numbers(1000000)
      """)
    let counts = try ClickHouseClient.query(
      """
      SELECT countIf(bot = 0), countIf(bot != 0), uniqExactIf(ip_address, bot = 0),
        countIf(bot = 0 AND referrer_host = 'host1.example') FROM visits WHERE link = \(id)
      """
    ).split(whereSeparator: \.isWhitespace).map { try XCTUnwrap(Int($0)) }
    let path = "short-urls/\(code)/visits?itemsPerPage=1"
    let visits = try person.ask("GET", path + "&excludeBots=true")["visits"]["pagination"]
    XCTAssertEqual(try visits["totalItems"].number, counts[0])
    try signIn("links/\(code)?range=all&tz=UTC")
    try waitFor(figure: "Clicks", Self.text(counts[0]))
    XCTAssertEqual(try figure("Visitors"), Self.text(counts[2]))
    try browser.waitFor("\(Self.text(counts[0])) in this range")
    try browser.click("All 41 hosts")
    try browser.wait("document.querySelector('dialog .bars tr')")
    let rows = try browser.run(
      """
      return [...document.querySelectorAll("dialog .bars tr")]
        .map((row) => `${row.cells[0].innerText} ${row.cells[1].innerText}`);
      """
    ).texts
    XCTAssertTrue(rows.contains("host1.example \(Self.text(counts[3]))"), "\(rows)")
    try browser.inspect("hosts")
    try browser.press("Escape")
    try browser.press("b")
    try waitFor(figure: "By bots", Self.text(counts[1]))
    try browser.open("/dashboard/links/\(code)?range=all&tz=UTC&bots=1")
    try waitFor(figure: "Clicks", Self.text(1_000_000))
    try browser.assertModest()
    try browser.inspect("link-million")
  }

  /// A number as the pages write it.
  private static func text(_ number: Int) -> String {
    number.formatted(.number.locale(Locale(identifier: "en")))
  }
}
