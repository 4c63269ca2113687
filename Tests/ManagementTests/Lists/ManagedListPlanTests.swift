import API
import Access
import Management
import Postgres
import TestSupport
import XCTest

/// How PostgreSQL finds a page by tags, domains, keys and visits, and for callers who see a part only.
final class ManagedListPlanTests: XCTestCase {
  nonisolated(unsafe) private static var scene: ListScene?

  override func setUpWithError() throws {
    if Self.scene == nil { Self.scene = try Self.managed(105_000) }
  }

  override class func tearDown() { scene = nil }

  /// Of the links every 40th is another tenant's, every 50th in another domain, half of them have the tag
  /// `many`, every 500th `few`, and four of five were visited.
  private static func managed(_ count: Int) throws -> ListScene {
    let scene = try ListScene(count)
    try scene.run("INSERT INTO tenants (id, name) VALUES (7, 'seven')")
    try scene.run(
      """
      INSERT INTO api_keys (name, hash, prefix)
      SELECT 'key-' || n, sha256(n::text::bytea), 'k' FROM generate_series(1, 20) AS n
      """)
    try scene.run("INSERT INTO domains (authority) VALUES ('go.example')")
    try scene.run(
      """
      UPDATE short_urls SET
        tenant = CASE WHEN n % 40 = 1 THEN 7 ELSE 0 END,
        author = CASE WHEN n % 40 = 1 THEN NULL WHEN n % 30 = 2 THEN 11 WHEN n % 7 = 3 THEN 12 END,
        domain = CASE WHEN n % 50 = 3 THEN 'go.example' ELSE '' END,
        max_visits = CASE WHEN n % 10 = 4 THEN 5 END,
        valid_until = CASE WHEN n % 10 = 5 THEN timestamptz '2025-01-01'
          WHEN n % 1000 = 38 THEN now() + interval '3 days' END,
        disabled_at = CASE WHEN n % 1000 = 8 THEN now() END,
        valid_since = CASE WHEN n % 1000 = 18 THEN timestamptz '2999-01-01' END,
        rules = CASE WHEN n % 1000 = 28 THEN '[]' END
      FROM (SELECT snowflake_id AS id, (snowflake_id - 384036974793916416) / 4194304 AS n
        FROM short_urls) AS numbered WHERE snowflake_id = id
      """)
    try scene.run("INSERT INTO tags (name) VALUES ('many'), ('few'), ('none')")
    // On links that have the text themselves, and on others.
    try scene.run("INSERT INTO tags (name) VALUES ('newsletter'), ('sale')")
    try scene.run(
      """
      INSERT INTO short_url_tags (link, tag)
      SELECT snowflake_id, id FROM short_urls, tags, LATERAL (
        SELECT (snowflake_id - 384036974793916416) / 4194304 AS n) AS numbers
      WHERE name = 'many' AND n % 2 = 1 OR name = 'few' AND n % 500 = 7
        OR name = 'newsletter' AND n % 500 = 9 OR name = 'sale' AND n % 1000 = 11
      """)
    try scene.run(
      """
      INSERT INTO link_visits (link, total, bots)
      SELECT snowflake_id, n * 7919 % 1000 + 5, n % 5 FROM short_urls, LATERAL (
        SELECT (snowflake_id - 384036974793916416) / 4194304 AS n) AS numbers WHERE n % 5 > 0
      """)
    try scene.run(
      """
      INSERT INTO visit_budgets (link, allowed) SELECT snowflake_id, snowflake_id % 2
      FROM short_urls WHERE max_visits IS NOT NULL
      """)
    for table in ["short_urls", "short_url_tags", "link_visits", "visit_budgets"] {
      try scene.run("VACUUM ANALYZE \(identifier: table)")
    }
    return scene
  }

  private static let filters = [
    "", "tags[]=few", "tags[]=many", "tags[]=few&tags[]=many&tagsMode=all",
    "tags[]=few&tags[]=many", "tags[]=none", "tags[]=unknown",
    "excludeTags[]=few&excludeTags[]=many&excludeTagsMode=all", "excludeTags[]=many",
    "domain=go.example", "domain=DEFAULT", "domain=unknown.example", "apiKeyName=key-11",
    "apiKeyName=unknown", "excludeMaxVisitsReached=true&excludePastValidUntil=true",
    "tags[]=few&domain=go.example&searchTerm=campaign%3D42",
    // In the names of tags: of few links, of many, beside rare and frequent texts.
    "searchTerm=few", "searchTerm=many", "searchTerm=sale", "searchTerm=fe",
    "searchTerm=newsletter",
  ]

  private static let states = [
    "state=active", "state=expired", "state=exhausted", "state=disabled", "state=scheduled",
    "state=rules", "state=ending", "state=disabled,scheduled,rules", "state=active,disabled",
    "state=disabled&tags[]=few", "state=disabled&domain=go.example",
    "state=disabled&searchTerm=sale",
  ]

  private static let callers: [(Caller, String)] = [
    (.key(Key(id: 21, tenant: 7, rights: KeyRights())), "tenant"),
    (.key(Key(id: 11, tenant: 0, rights: KeyRights(isAuthoredOnly: true))), "author"),
    (.key(Key(id: 12, tenant: 0, rights: KeyRights(domain: "go.example"))), "domain"),
    (.operatorOf(tenant: 0), "most"),
  ]

  func testAPageIsFoundByAnIndexUnderEveryFilterInEveryOrder() throws {
    for order in ShortURLOrder.all {
      for filter in Self.filters { try look("orderBy=\(order.text)&\(filter)", for: .operator) }
    }
  }

  /// Of the links a tenth have ended and a tenth may be spent; each of these is read once, with its visits and
  /// its budget.
  func testAPageIsFoundByAnIndexInEveryStateAndOrder() throws {
    for order in ShortURLOrder.all {
      for state in Self.states {
        try look("orderBy=\(order.text)&\(state)", for: .operator, reading: 45_000, sorting: 11_000)
      }
    }
  }

  func testARareStateReadsNoLinkWithoutAnyState() throws {
    let scene = try XCTUnwrap(Self.scene)
    for state in ["disabled", "scheduled", "ending", "rules"] {
      for order in ShortURLOrder.all {
        let query = "orderBy=\(order.text)&state=\(state)"
        let statements = try scene.statements(query)
        // 21 400 have one, and 105 this one. The index alone tells which, but for rules and by which text a
        // list is ordered.
        let isTold = state != "rules" && (order.isByVisits || order.column == .dateCreated)
        let limit = isTold ? 700 : 32_000
        XCTAssertLessThanOrEqual(try scene.plan(statements.page).linksRead, limit, query)
        XCTAssertLessThanOrEqual(try scene.plan(statements.count).linksRead, 32_000, query)
      }
    }
  }

  func testAPageIsFoundByAnIndexForEveryCallerInEveryOrder() throws {
    for (caller, name) in Self.callers {
      for order in ShortURLOrder.all {
        for filter in [
          "", "tags[]=few", "tags[]=many", "searchTerm=number+47111", "searchTerm=few",
          "searchTerm=many",
        ] {
          try look("orderBy=\(order.text)&\(filter)", for: caller, name)
        }
      }
    }
  }

  func testAPageBehindACursorIsFoundByAnIndexForEveryCaller() throws {
    let scene = try XCTUnwrap(Self.scene)
    for (caller, name) in Self.callers {
      for order in ShortURLOrder.all {
        let query = "orderBy=\(order.text)&itemsPerPage=50"
        let cursor = try scene.list(query, for: caller).pagination.nextCursor
        try look("\(query)&cursor=\(XCTUnwrap(cursor))", for: caller, name)
      }
    }
  }

  /// Those lists whose links are few, with how many they have.
  private static let smallParts: [(caller: Caller, filter: String, count: Int)] = [
    (.operator, "domain=go.example", 2_100), (.operator, "apiKeyName=key-11", 3_500),
    (callers[0].0, "", 2_625), (callers[1].0, "", 3_500), (callers[2].0, "", 2_100),
  ]

  func testASmallPartIsCountedAndPutInOrderByDateAndVisitsByItsIndexAlone() throws {
    let scene = try XCTUnwrap(Self.scene)
    for (caller, filter, _) in Self.smallParts {
      let count = try scene.plan(scene.statements(filter, for: caller).count)
      XCTAssertEqual(count.linksRead, 0, filter)
      for order in ShortURLOrder.all where order.isByVisits || order.column == .dateCreated {
        let query = "orderBy=\(order.text)&itemsPerPage=20&\(filter)"
        let plan = try scene.plan(scene.statements(query, for: caller).page)
        XCTAssertLessThanOrEqual(plan.linksRead, 21, query)
      }
    }
  }

  func testAPageOfASmallPartReadsEachOfItsLinksOnceInTheOtherOrders() throws {
    let scene = try XCTUnwrap(Self.scene)
    for (caller, filter, count) in Self.smallParts {
      for order in ShortURLOrder.all {
        let query = "orderBy=\(order.text)&itemsPerPage=20&\(filter)"
        let plan = try scene.plan(scene.statements(query, for: caller).page)
        XCTAssertLessThanOrEqual(plan.linksRead, count + 21, query)
      }
    }
  }

  private func look(
    _ query: String, for caller: Caller, _ name: String = "operator", reading read: Int = 25_000,
    sorting sorted: Int = 10_000
  ) throws {
    let scene = try XCTUnwrap(Self.scene)
    let plan = try scene.plan(scene.statements(query, for: caller).page)
    let note = "\(name) \(query): " + plan.steps.map { "\($0.kind) \($0.index ?? "")" }.description
    XCTAssertFalse(plan.readsAll, note)
    // As many as the smallest part has, with what belongs to each of its links.
    XCTAssertLessThanOrEqual(plan.rowsRead, read, note)
    XCTAssertLessThanOrEqual(plan.rowsSorted, sorted, note)
  }
}
