import API
import Access
import ClickHouse
import EngineSupport
import Postgres
import Web
import XCTest

@testable import Analytics

/// Whose visits a caller sees: of links, tags, domains, and all together.
final class VisitSightTests: XCTestCase {
  /// Three links, each visited as often as its number says, once by a bot.
  ///
  /// Link 1 belongs to tenant 0 and was made by key 1. Link 2 belongs to tenant 0, in a domain of its own.
  /// Link 3 belongs to tenant 1, in the default domain.
  private func scene() throws -> VisitScene {
    let scene = try VisitScene(Workbench())
    try scene.execute("INSERT INTO tenants (id, name) VALUES (1, 'other')")
    try scene.execute(
      "INSERT INTO domains (number, authority, tenant) VALUES (16, 'own.example', 0), (17, 'theirs.example', 1)"
    )
    try scene.make(1, author: 1)
    try scene.make(2, domain: "own.example", author: 2)
    try scene.make(3, tenant: 1)
    for number in 1...3 {
      try scene.visit(
        VisitScene.link(number),
        """
        SELECT 1700000000 + number AS second, toUInt8(number = 0) AS bot,
          toUInt32(\(number == 2 ? 16 : 0)) AS domain, \("link\(number)") AS code FROM numbers(\(number))
        """, ", domain, code")
      try scene.execute(
        """
        INSERT INTO link_visits (link, total, bots) VALUES (\(VisitScene.link(number)), \(number), 1)
        """)
    }
    try scene.execute(
      """
      WITH made AS (INSERT INTO tags (tenant, name) VALUES (0, 'news'), (1, 'news'), (0, 'empty')
        RETURNING id, tenant, name)
      INSERT INTO short_url_tags (link, tag)
      SELECT snowflake_id, id FROM short_urls JOIN made ON made.tenant = short_urls.tenant
      WHERE name = 'news'
      """)
    return scene
  }

  /// The type of the problem that a failure is told as.
  private static func problem(_ failure: any Error) -> String? {
    (failure as? AnalyticsFailure)?.problem.type.slug.description
  }

  func testALinkOutOfSightIsNotFound() throws {
    let scene = try scene()
    XCTAssertEqual(try scene.visits(of: 3, for: .holder(tenant: 1)).visits.count, 3)
    XCTAssertEqual(
      try scene.visits(of: 2, [("domain", "OWN.example")], for: .holder()).visits.map(\.visitedURL),
      Array(repeating: "https://own.example/link2", count: 2))
    for caller in [Caller.holder(), .holder(tenant: 1, domain: "theirs.example"), .anyone] {
      XCTAssertThrowsError(try scene.visits(of: 3, for: caller)) {
        XCTAssertEqual(Self.problem($0), "short-url-not-found")
      }
    }
    XCTAssertThrowsError(try scene.visits(of: 2, for: .holder()), "in another domain")
    XCTAssertThrowsError(try scene.visits(of: 1, for: .holder(of: 2, authoredOnly: true)))
    XCTAssertEqual(
      try scene.visits(of: 1, for: .holder(of: 1, authoredOnly: true)).visits.count, 1)
    try scene.execute("UPDATE short_urls SET deleted_at = now() WHERE short_code = 'link1'")
    XCTAssertThrowsError(try scene.visits(of: 1))
  }

  func testTheVisitedURLHasThePortOfTheSiteInEachDomain() throws {
    let scene = try VisitScene(Workbench(), baseURL: "http://s.example:8080")
    try scene.execute("INSERT INTO domains (number, authority) VALUES (16, 'own.example')")
    for (number, domain, host) in [(1, "", "s.example"), (2, "own.example", "own.example")] {
      try scene.make(number, domain: domain)
      try scene.visit(
        VisitScene.link(number),
        """
        SELECT 1700000000 AS second, toUInt8(0) AS bot, toUInt32(\(domain.isEmpty ? 0 : 16)) AS domain,
          'a' AS code
        """, ", domain, code")
      XCTAssertEqual(
        try scene.visits(of: number, [("domain", domain)]).visits.map(\.visitedURL),
        ["http://\(host):8080/a"])
    }
  }

  func testATagHasTheVisitsOfItsLinksInSight() throws {
    let scene = try scene()
    func count(_ tag: String, _ caller: Caller, in domain: String? = nil) throws -> Int {
      let query = domain.map { [("domain", $0)] } ?? []
      return try scene.list(ListTagVisits(), ["tag": tag], query, for: caller).visits.count
    }
    XCTAssertEqual(try count("NEWS", .holder()), 3)
    XCTAssertEqual(try count("news", .holder(tenant: 1)), 3)
    XCTAssertEqual(try count("news", .holder(of: 1, authoredOnly: true)), 1)
    XCTAssertEqual(try count("news", .holder(domain: "own.example")), 2)
    XCTAssertEqual(try count("empty", .holder()), 0)
    XCTAssertEqual(try count("news", .holder(), in: "Own.example"), 2)
    XCTAssertEqual(try count("news", .holder(), in: "DEFAULT"), 1)
    XCTAssertEqual(try count("news", .holder(), in: "theirs.example"), 0)
    XCTAssertEqual(try count("news", .holder(of: 1, authoredOnly: true), in: "own.example"), 0)
    for (tag, caller) in [
      ("none", Caller.holder()), ("empty", .holder(of: 1, authoredOnly: true)),
      ("empty", .holder(tenant: 1)),
    ] {
      XCTAssertThrowsError(try count(tag, caller)) {
        XCTAssertEqual(Self.problem($0), "tag-not-found")
      }
    }
  }

  func testADomainHasTheVisitsOfItsLinksInSight() throws {
    let scene = try scene()
    func count(_ domain: String, _ caller: Caller) throws -> Int {
      try scene.list(ListDomainVisits(), ["domain": domain], for: caller).visits.count
    }
    XCTAssertEqual(try count("own.example", .holder()), 2)
    XCTAssertEqual(try count("own.example", .holder(of: 2, authoredOnly: true)), 2)
    XCTAssertEqual(try count("DEFAULT", .holder(domain: "own.example")), 0)
    XCTAssertEqual(try count("DEFAULT", .holder()), 1)
    XCTAssertEqual(try count("s.example", .holder(tenant: 1)), 3)
    XCTAssertEqual(try count("DEFAULT", .operator), 4)
    for (domain, caller) in [
      ("theirs.example", Caller.holder()), ("none.example", .holder()),
      ("own.example", .holder(of: 1, authoredOnly: true)),
    ] {
      XCTAssertThrowsError(try count(domain, caller)) {
        XCTAssertEqual(Self.problem($0), "domain-not-found")
      }
    }
  }

  func testAllVisitsAreThoseInSight() throws {
    let scene = try scene()
    let sights: [(Caller, Int)] = [
      (.operator, 6), (.holder(), 3), (.holder(tenant: 1), 3),
      (.holder(of: 2, authoredOnly: true), 2), (.holder(domain: ""), 1),
    ]
    for (caller, total) in sights {
      let list = try scene.list(ListVisits(), for: caller)
      XCTAssertEqual(list.visits.count, total)
      XCTAssertEqual(list.pagination.total, total)
      XCTAssertEqual(try scene.list(CountVisits(), for: caller).ofLinks.total, total)
    }
    XCTAssertEqual(try scene.list(CountVisits(), for: .holder()).ofLinks.bots, 2)
    try scene.execute("UPDATE short_urls SET deleted_at = now() WHERE tenant = 1")
    try scene.execute("DELETE FROM domains WHERE tenant = 1")
    try scene.execute("DELETE FROM tags WHERE tenant = 1")
    try scene.execute("DELETE FROM tenants WHERE id = 1")
    XCTAssertEqual(
      try scene.list(ListVisits(), for: .holder()).visits.count, 3,
      "a deleted tenant's stay its own")
    try scene.execute("DELETE FROM short_urls WHERE tenant = 1")
    XCTAssertEqual(try scene.list(ListVisits(), for: .holder()).visits.count, 6, "nobody else's")
  }

  func testAListOfAllVisitsIsNarrowedToADomain() throws {
    let scene = try scene()
    func count(_ domain: String, _ caller: Caller) throws -> Int {
      try scene.list(ListVisits(), [:], [("domain", domain)], for: caller).pagination.total
    }
    XCTAssertEqual(try count("own.example", .holder()), 2)
    XCTAssertEqual(try count("DEFAULT", .holder()), 1)
    XCTAssertEqual(try count("s.example", .operator), 4)
    for (domain, caller) in [
      ("theirs.example", Caller.holder()), ("none.example", .holder()),
      ("own.example", .holder(of: 1, authoredOnly: true)),
      ("DEFAULT", .holder(domain: "own.example")),
    ] {
      XCTAssertEqual(try count(domain, caller), 0, domain)
    }
  }

  func testVisitsOfMoreLinksThanOneQuestionMayNameAreRefused() throws {
    let scene = try scene()
    try scene.execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
      SELECT 1 + number, 'many' || number, 'https://to.example/', now()
      FROM generate_series(1, \(VisitSet.linkLimit)) AS number
      """)
    XCTAssertThrowsError(try scene.list(ListVisits(), for: .holder())) {
      XCTAssertEqual(Self.problem($0), "too-many-links")
    }
    XCTAssertEqual(try scene.list(CountVisits(), for: .holder()).ofLinks.total, 3)
  }
}
