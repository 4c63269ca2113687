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

/// Which links robots.txt allows.
final class RobotsTextTests: XCTestCase {
  private func text(_ host: String, _ scene: CreationScene) throws -> String {
    // What a worker remembers isn't asked.
    let fresh = ManagementStores(
      creation: scene.stores.creation, units: scene.stores.units,
      places: scene.stores.places, baseURL: scene.stores.baseURL)
    let reader = InputReader(
      path: [:], query: QueryString(), members: JSONObject(), .none, host: host)
    var asked = reader
    let input = GetRobotsText().input(from: &asked)
    return try GetRobotsText().perform(input, for: .anyone, in: fresh).text
  }

  func testCrawlableLinksOfTheHostsDomainAndOfTheDefaultOneAreAllowed() throws {
    let scene = try CreationScene()
    for (slug, domain, isCrawlable) in [
      ("b", "", true), ("a", "", true), ("hidden", "", false), ("off", "", true),
      ("gone", "", true), ("c", "go.example", true), ("d", "go.example", false),
    ] {
      _ = try scene.make(
        """
        {"longUrl":"https://example.org/","customSlug":"\(slug)","domain":"\(domain)",
         "crawlable":\(isCrawlable)}
        """)
    }
    var edition = ShortURLEdition()
    edition.isEnabled = .set(false)
    _ = try EditShortURL(OwnHosts()).perform(
      .init(ShortURLName(try XCTUnwrap(Slug("off"))), edition), for: .operator, in: scene.stores)
    _ = try DeleteShortURL().perform(
      ShortURLName(try XCTUnwrap(Slug("gone"))), for: .operator, in: scene.stores)
    for (slug, member) in [
      ("later", #""validSince":"2100-01-01T00:00:00Z""#),
      ("ended", #""validUntil":"2020-01-01T00:00:00Z""#),
    ] {
      _ = try scene.make(
        """
        {"longUrl":"https://example.org/","customSlug":"\(slug)","crawlable":true,\(member)}
        """)
    }
    let common = "User-agent: *\nAllow: /a\nAllow: /b\nDisallow: /\n"
    for host in ["", "none.example", "192.0.2.1", "[::1]", "not a host"] {
      XCTAssertEqual(try text(host, scene), common, host)
    }
    XCTAssertEqual(
      try text("go.example", scene),
      "User-agent: *\nAllow: /c\nAllow: /a\nAllow: /b\nDisallow: /\n")
  }

  func testWithoutSuchLinksNothingIsAllowed() throws {
    XCTAssertEqual(try text("", CreationScene()), "User-agent: *\nDisallow: /\n")
  }

  func testTheLinksAreFoundByTheirIndexAmongManyOthers() throws {
    let scene = try ListScene(20_000)
    try scene.run("UPDATE short_urls SET crawlable = true WHERE snowflake_id % 400 = 0")
    try scene.run("VACUUM ANALYZE short_urls")
    let plan = try scene.plan(ShortURLTable.crawlable(in: ""))
    XCTAssertEqual(plan.indexes, ["short_urls_crawlable"])
    XCTAssertLessThan(plan.rowsRead, 1000)
  }
}
