import Access
import ClickHouse
import EngineSupport
import Links
import Postgres
import Web
import XCTest

@testable import Analytics

/// Whose clicks a report adds up: never those of another tenant.
final class AnalyticsSightTests: XCTestCase {
  /// Four links of two tenants; link n has 10ⁿ⁻¹ clicks.
  ///
  /// Links 1 and 2 belong to tenant 0 and were made by keys 1 and 2, the second in a domain of its own. Links 3
  /// and 4 belong to tenant 1, the last one in a domain of its own.
  private func scene() throws -> VisitScene {
    let scene = try VisitScene(Workbench())
    try scene.execute("INSERT INTO tenants (id, name) VALUES (1, 'other')")
    try scene.execute(
      "INSERT INTO domains (number, authority, tenant) VALUES (16, 'own.example', 0), (17, 'theirs.example', 1)"
    )
    try scene.make(1, author: 1)
    try scene.make(2, domain: "own.example", author: 2)
    try scene.make(3, tenant: 1)
    try scene.make(4, domain: "theirs.example", tenant: 1)
    var count = 1
    for (number, domain) in [(1, 0), (2, 16), (3, 0), (4, 17)] {
      try scene.visit(
        VisitScene.link(number),
        """
        SELECT toUInt32(1700000000 + number) AS second, toUInt8(0) AS bot, toUInt32(\(domain)) AS domain
        FROM numbers(\(count))
        """, ", domain")
      count *= 10
    }
    try scene.execute(
      """
      WITH made AS (INSERT INTO tags (tenant, name) VALUES (0, 'news'), (1, 'news')
        RETURNING id, tenant)
      INSERT INTO short_url_tags (link, tag)
      SELECT snowflake_id, id FROM short_urls JOIN made ON made.tenant = short_urls.tenant
      """)
    return scene
  }

  private func clicks(
    _ scene: VisitScene, _ query: [(String, String)], for caller: Caller
  ) throws -> [Int] {
    try scene.list(GetAnalytics(), [:], query + [("interval", "all")], for: caller)
      .items.map(\.part.total.clicks)
  }

  private static func problem(_ failure: any Error) -> String? {
    (failure as? AnalyticsFailure)?.problem.type.slug.description
  }

  func testEverythingIsWhatTheCallerSees() throws {
    let scene = try scene()
    let sights: [(Caller, Int)] = [
      (.operator, 1111), (.holder(), 11), (.holder(tenant: 1), 1100),
      (.holder(of: 2, authoredOnly: true), 10), (.holder(domain: ""), 1),
      (.holder(tenant: 1, domain: "theirs.example"), 1000), (.anyone, 0),
    ]
    for (caller, sum) in sights {
      XCTAssertEqual(try clicks(scene, [], for: caller), [sum], "\(caller)")
    }
  }

  func testScopesAreComparedInTheirOrder() throws {
    let scene = try scene()
    XCTAssertEqual(
      try clicks(
        scene,
        [
          ("tag", "News"), ("shortCode", "link2"), ("domain", "own.example"),
          ("shortCode", "link1"), ("domain", "DEFAULT"), ("orphan", "all"),
        ], for: .holder()), [10, 1, 11, 0])
    XCTAssertEqual(
      try clicks(
        scene, [("domain", "own.example"), ("domain", "s.example")], for: .holder()), [10, 1])
    XCTAssertEqual(
      try clicks(
        scene, [("shortCode", "link1"), ("shortCode", "link1"), ("domain", "DEFAULT")],
        for: .holder()), [1, 1])
    XCTAssertEqual(try clicks(scene, [("tag", "news")], for: .holder(tenant: 1)), [1100])
    XCTAssertEqual(
      try clicks(scene, [("tag", "news")], for: .holder(tenant: 1, domain: "theirs.example")),
      [1000])
  }

  func testWhatIsOutOfSightIsNotFoundWhateverElseIsAsked() throws {
    let scene = try scene()
    let refused: [([(String, String)], Caller, String)] = [
      ([("shortCode", "link3")], .holder(), "short-url-not-found"),
      ([("shortCode", "link1")], .holder(tenant: 1), "short-url-not-found"),
      ([("shortCode", "link1"), ("shortCode", "link3")], .holder(), "short-url-not-found"),
      ([("shortCode", "link1")], .holder(of: 2, authoredOnly: true), "short-url-not-found"),
      ([("domain", "theirs.example")], .holder(), "domain-not-found"),
      ([("domain", "own.example")], .holder(tenant: 1), "domain-not-found"),
      ([("tag", "none")], .holder(), "tag-not-found"),
    ]
    for (query, caller, slug) in refused {
      XCTAssertThrowsError(try clicks(scene, query, for: caller), "\(query)") {
        XCTAssertEqual(Self.problem($0), slug, "\(query)")
      }
    }
  }

  func testClicksWithoutALinkAreThoseInSightByTheirWeights() throws {
    let scene = try scene()
    for (type, domain, weight) in [
      (OrphanType.baseURL, 0, 1), (.invalidShortURL, 16, 20), (.regular404, 17, 300),
    ] {
      try scene.bench.client.execute(
        """
        INSERT INTO visits (link, timestamp, weight, domain, batch)
        VALUES (\(type.scope.rawValue), 1700000000, \(weight), \(domain), 1)
        """)
    }
    let orphans = [("orphan", "all"), ("orphan", "base_url"), ("orphan", "regular_404")]
    XCTAssertEqual(try clicks(scene, orphans, for: .operator), [321, 1, 300])
    XCTAssertEqual(try clicks(scene, orphans, for: .holder()), [21, 1, 0])
    XCTAssertEqual(try clicks(scene, orphans, for: .holder(tenant: 1)), [300, 0, 300])
    XCTAssertEqual(try clicks(scene, orphans, for: .holder(seesOrphans: false)), [0, 0, 0])
  }

  func testClicksOfTooManyLinksAreRefused() throws {
    let scene = try scene()
    try scene.execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
      SELECT 1 + number, 'many' || number, 'https://to.example/', now()
      FROM generate_series(1, \(VisitSet.linkLimit)) AS number
      """)
    XCTAssertThrowsError(try clicks(scene, [], for: .holder())) {
      XCTAssertEqual(Self.problem($0), "too-many-links")
    }
  }
}
