import API
import Access
import Links
import Management
import Postgres
import TestSupport
import XCTest

/// Which links a list has, by the links and the answers of Shlink's own tests.
final class ListFilterTests: XCTestCase {
  private var scene: ListScene!

  private static let admin = Caller.key(Key(id: 1, tenant: 0, rights: KeyRights()))
  private static let author = Caller.key(
    Key(id: 2, tenant: 0, rights: KeyRights(isAuthoredOnly: true)))
  private static let domain = Caller.key(
    Key(id: 3, tenant: 0, rights: KeyRights(domain: "example.com")))

  override func setUpWithError() throws {
    scene = try ListScene(0)
    try scene.run(
      """
      INSERT INTO api_keys (name, hash, prefix)
      SELECT name || '_api_key', sha256(name::bytea), 'k'
      FROM unnest(ARRAY['valid', 'author', 'domain']) AS name
      """)
    try scene.run("INSERT INTO tags (name) VALUES ('foo'), ('bar'), ('baz')")
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, domain, original_url, created_at, title,
        author, max_visits, valid_until)
      VALUES
        (1, 'abc123', '', 'https://shlink.io', '2018-05-01T00:00:01Z', 'My cool title', 2, 2, NULL),
        (2, 'docs', '', 'https://shlink.io/documentation/', '2018-05-01T00:00:00Z', NULL, 1, NULL,
          '2020-05-01T00:00:00Z'),
        (3, 'custom-with-domain', 'some-domain.com', 'https://google.com', '2018-10-20T00:00:00Z',
          NULL, 1, NULL, NULL),
        (4, 'def456', '', 'https://blog.alejandrocelaya.com/2017/12/09/', '2019-01-01T00:00:10Z',
          NULL, 2, NULL, NULL),
        (5, 'custom', '', 'https://shlink.io', '2019-01-01T00:00:20Z', NULL, 2, 2, NULL),
        (6, 'ghi789', 'example.com', 'https://blog.alejandrocelaya.com/2019/04/27/',
          '2019-01-01T00:00:30Z', NULL, 1, NULL, NULL)
      """)
    try scene.run(
      """
      INSERT INTO short_url_tags SELECT link, id FROM (VALUES (1, 'foo'), (4, 'foo'), (4, 'bar'),
        (6, 'foo')) AS given (link, tag) JOIN tags ON name = tag
      """)
    try scene.run("INSERT INTO visit_budgets VALUES (1, 2, 3), (5, 3, 1)")
    try scene.run("INSERT INTO link_visits VALUES (1, 3, 0), (2, 2, 0), (4, 2, 1)")
  }

  override func tearDown() { scene = nil }

  private func assertList(
    _ query: String, _ ids: [Int64], for caller: Caller = admin, line: UInt = #line
  ) throws {
    let list = try scene.list(query, for: caller)
    XCTAssertEqual(list.links.map(\.id.rawValue), ids, query, line: line)
    XCTAssertEqual(list.pagination.total, ids.count, query, line: line)
  }

  func testLinksAreListedByTags() throws {
    try assertList("", [6, 5, 4, 3, 1, 2])
    try assertList("tags[]=foo", [6, 4, 1])
    try assertList("tags%5B%5D=Foo%20", [6, 4, 1])
    try assertList("tags[0]=bar", [4])
    try assertList("tags[]=foo&tags[]=bar", [6, 4, 1])
    try assertList("tags[]=foo&tags[]=bar&tagsMode=any", [6, 4, 1])
    try assertList("tags[]=foo&tags[]=bar&tagsMode=all", [4])
    try assertList("tags[]=foo&tags[]=foo&tagsMode=all", [6, 4, 1])
    try assertList("tags[]=foo&tags[]=bar&tags[]=baz", [6, 4, 1])
    try assertList("tags[]=foo&tags[]=bar&tags[]=baz&tagsMode=all", [])
    try assertList("tags[]=foo&tags[]=unknown", [6, 4, 1])
    try assertList("tags[]=foo&tags[]=unknown&tagsMode=all", [])
    try assertList("tags[]=unknown", [])
    try assertList("tags[]=foo&endDate=2018-12-01", [1])
  }

  func testLinksAreLeftOutByTags() throws {
    try assertList("excludeTags[]=foo", [5, 3, 2])
    try assertList("excludeTags[]=foo&excludeTags[]=bar", [5, 3, 2])
    try assertList("excludeTags[]=bar&excludeTags[]=foo&excludeTagsMode=all", [6, 5, 3, 1, 2])
    try assertList("excludeTags[]=bar&excludeTags[]=baz&excludeTagsMode=all", [6, 5, 4, 3, 1, 2])
    try assertList("excludeTags[]=unknown", [6, 5, 4, 3, 1, 2])
    try assertList("tags[]=foo&excludeTags[]=bar", [6, 1])
  }

  func testLinksAreListedByStateDomainAndKey() throws {
    try assertList("excludePastValidUntil=true", [6, 5, 4, 3, 1])
    try assertList("excludeMaxVisitsReached=true", [6, 5, 4, 3, 2])
    try assertList("excludeMaxVisitsReached=1&excludePastValidUntil=1", [6, 5, 4, 3])
    try assertList("excludeMaxVisitsReached=false", [6, 5, 4, 3, 1, 2])
    try assertList("domain=example.com", [6])
    try assertList("domain=EXAMPLE.com", [6])
    try assertList("domain=DEFAULT", [5, 4, 1, 2])
    try assertList("domain=", [6, 5, 4, 3, 1, 2])
    try assertList("domain=unknown.example", [])
    try assertList("apiKeyName=author_api_key", [5, 4, 1])
    try assertList("apiKeyName=invalid", [])
  }

  func testLinksAreListedByTheirStates() throws {
    try scene.run(
      """
      UPDATE short_urls SET disabled_at = CASE snowflake_id WHEN 3 THEN now() END,
        valid_since = CASE snowflake_id WHEN 4 THEN timestamptz '2999-01-01' WHEN 5 THEN '2020-01-01' END,
        valid_until = CASE snowflake_id WHEN 1 THEN now() + interval '8 days' WHEN 2 THEN valid_until
          WHEN 4 THEN now() + interval '6 days' END,
        rules = CASE snowflake_id WHEN 6 THEN '[{"u":"https://a.example/","c":[["device",null,"ios"]]}]' END
      """)
    try assertList("state=active", [6, 5])
    try assertList("state=scheduled", [4])
    try assertList("state=ending", [4])
    try assertList("state=ending,expired", [4, 2])
    try assertList("state=expired", [2])
    try assertList("state=exhausted", [1])
    try assertList("state=disabled", [3])
    try assertList("state=rules", [6])
    try assertList("state=disabled,active,expired,expired", [6, 5, 3, 2])
    try assertList(
      "state=active,scheduled,ending,expired,exhausted,disabled,rules", [6, 5, 4, 3, 1, 2])
    try assertList("state=active&tags[]=foo", [6])
    try assertList("state=exhausted,scheduled&orderBy=visits-DESC", [1, 4], for: Self.author)
    try assertList("state=active,rules", [6], for: Self.domain)
    for query in ["state=", "state=Active", "state=active,", "state=protected"] {
      XCTAssertThrowsError(try scene.list(query), query) { XCTAssertTrue($0 is InputFailure) }
    }
    // A cursor is one of its states.
    let first = try scene.list("state=active&itemsPerPage=1")
    let cursor = try XCTUnwrap(first.pagination.nextCursor)
    XCTAssertEqual(
      try scene.list("state=active&itemsPerPage=1&cursor=\(cursor)").links.map(\.id.rawValue), [5])
    XCTAssertThrowsError(try scene.list("state=rules&cursor=\(cursor)"))
  }

  func testWhoSeesSomeLinksIsToldNothingOfOthersAndTheirKeys() throws {
    for query in ["", "apiKeyName=valid_api_key", "apiKeyName=author_api_key", "apiKeyName=none"] {
      try assertList(query, [5, 4, 1], for: Self.author)
    }
    try assertList("", [6], for: Self.domain)
    try assertList("apiKeyName=valid_api_key", [6], for: Self.domain)
    try assertList("apiKeyName=domain_api_key", [], for: Self.domain)
    try assertList("domain=some-domain.com", [], for: Self.domain)
    let other = Caller.key(Key(id: 9, tenant: 9, rights: KeyRights()))
    for query in ["", "tags[]=foo", "domain=example.com", "apiKeyName=author_api_key"] {
      try assertList(query, [], for: other)
    }
  }

  func testLinksAreOrderedByVisits() throws {
    try assertList("orderBy=visits-DESC", [1, 4, 2, 6, 5, 3])
    try assertList("orderBy=visits", [3, 5, 6, 2, 4, 1])
    try assertList("orderBy=nonBotVisits-DESC", [1, 2, 4, 6, 5, 3])
    try assertList("orderBy=nonBotVisits-ASC", [3, 5, 6, 4, 2, 1])
    try assertList("orderBy=visits-DESC&tags[]=foo", [1, 4, 6])
    try assertList("orderBy=visits-ASC", [5, 4, 1], for: Self.author)
  }

  func testWhatCanNotBeReadIsNamed() throws {
    for (query, names) in [
      ("tagsMode=invalid", ["tagsMode"]), ("orderBy=invalid", ["orderBy"]),
      ("excludeTagsMode=ANY", ["excludeTagsMode"]),
      ("orderBy=invalid&tagsMode=invalid", ["tagsMode", "orderBy"]),
      ("tags[]=", ["tags"]), ("excludeTags[]=a%09b", ["excludeTags"]),
      ("tags[]=" + String(repeating: "x", count: 256), ["tags"]),
      (String(repeating: "tags[]=a&", count: 101), ["tags"]),
      ("excludeMaxVisitsReached=perhaps", ["excludeMaxVisitsReached"]),
      ("excludePastValidUntil=", ["excludePastValidUntil"]),
      ("domain=" + String(repeating: "d", count: 300), ["domain"]),
      ("apiKeyName=" + String(repeating: "k", count: 300), ["apiKeyName"]),
    ] {
      let failure = try assertThrows(InputFailure.self) { _ = try scene.filter(query) }
      guard case .invalid(let complaints) = failure else { return XCTFail("\(failure)") }
      XCTAssertEqual(complaints.map(\.name), names, query)
    }
  }
}
