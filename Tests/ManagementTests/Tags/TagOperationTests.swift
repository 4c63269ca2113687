import API
import Access
import EngineSupport
import HTTPTypes
import JSON
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// The operations on tags, by the tags and the answers of Shlink's own tests.
final class TagOperationTests: XCTestCase {
  private var scene: ManagedScene!

  private static let admin = Caller.key(Key(id: 1, tenant: 0, rights: KeyRights()))
  private static let author = Caller.key(
    Key(id: 2, tenant: 0, rights: KeyRights(isAuthoredOnly: true)))
  private static let domain = Caller.key(
    Key(id: 3, tenant: 0, rights: KeyRights(domain: "example.com")))
  private static let other = Caller.key(Key(id: 9, tenant: 9, rights: KeyRights()))

  override func setUpWithError() throws {
    scene = try ManagedScene()
    try scene.run("INSERT INTO tenants (id, name) VALUES (9, 'nine')")
    try scene.run("INSERT INTO tags (name) VALUES ('foo'), ('bar'), ('baz')")
    try scene.run("INSERT INTO tags (tenant, name) VALUES (9, 'secret')")
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, domain, original_url, author, tenant, deleted_at)
      VALUES (1, 'abc123', '', 'https://shlink.io', 2, 0, NULL),
        (4, 'def456', '', 'https://shlink.io', 2, 0, NULL),
        (6, 'ghi789', 'example.com', 'https://shlink.io', 1, 0, NULL),
        (7, 'gone', '', 'https://shlink.io', 2, 0, now()),
        (9, 'nine', '', 'https://shlink.io', 9, 9, NULL)
      """)
    try scene.run(
      """
      INSERT INTO short_url_tags SELECT link, id FROM (VALUES (1, 'foo'), (4, 'foo'), (4, 'bar'),
        (6, 'foo'), (7, 'baz'), (9, 'secret')) AS given (link, tag) JOIN tags ON name = tag
      """)
    try scene.run("INSERT INTO link_visits VALUES (1, 3, 0), (4, 2, 1), (7, 9, 9), (9, 5, 0)")
  }

  override func tearDown() { scene = nil }

  private func tags(
    _ query: String = "", for caller: Caller = admin
  ) throws -> (names: [String], pagination: Pagination) {
    let list = try scene.perform(ListTags(), query, for: caller)
    return (list.names, list.pagination)
  }

  private func stats(_ query: String = "", for caller: Caller = admin) throws -> [String] {
    try scene.perform(ListTagStats(), query, for: caller).tags.map {
      "\($0.name) \($0.links) \($0.visits) \($0.botVisits)"
    }
  }

  func testTagsAreListedForThoseWhoSeeThem() throws {
    let all = try tags()
    XCTAssertEqual(all.names, ["bar", "baz", "foo"])
    XCTAssertEqual(all.pagination.total, 3)
    XCTAssertEqual(all.pagination.pages, 1)
    XCTAssertNil(all.pagination.nextCursor)
    XCTAssertEqual(try tags(for: Self.author).names, ["bar", "foo"])
    XCTAssertEqual(try tags(for: Self.domain).names, ["foo"])
    XCTAssertEqual(try tags(for: Self.other).names, ["secret"])
  }

  func testAPageOfAllTagsHasAsManyItemsAsThereAre() throws {
    let body = try scene.perform(ListTags(), "", for: Self.admin).response.body
    XCTAssertEqual(
      String(decoding: body, as: UTF8.self),
      #"{"tags":{"data":["bar","baz","foo"],"pagination":{"currentPage":1,"pagesCount":1,"#
        + #""itemsPerPage":3,"itemsInCurrentPage":3,"totalItems":3,"nextCursor":null}}}"#)
    let page = try tags("page=2&itemsPerPage=2")
    XCTAssertEqual(page.names, ["foo"])
    XCTAssertEqual(page.pagination.number, 2)
    XCTAssertEqual(page.pagination.pages, 2)
    XCTAssertEqual(page.pagination.total, 3)
  }

  func testTagsAreSearchedAndOrdered() throws {
    XCTAssertEqual(try tags("searchTerm=BA").names, ["bar", "baz"])
    XCTAssertEqual(try tags("searchTerm=%25").names, [])
    XCTAssertEqual(try tags("searchTerm=").names.count, 3)
    XCTAssertEqual(try tags("orderBy=tag-DESC").names, ["foo", "baz", "bar"])
    XCTAssertEqual(try tags("orderBy=nonsense-DESC").names.count, 3, "as in Shlink")
  }

  func testLinksAndVisitsAreCountedForThoseWhoSeeThem() throws {
    XCTAssertEqual(try stats(), ["bar 1 2 1", "baz 0 0 0", "foo 3 5 1"])
    XCTAssertEqual(try stats(for: Self.author), ["bar 1 2 1", "foo 2 5 1"])
    XCTAssertEqual(try stats(for: Self.domain), ["foo 1 0 0"])
    XCTAssertEqual(try stats(for: Self.other), ["secret 1 5 0"])
    XCTAssertEqual(try stats("itemsPerPage=2"), ["bar 1 2 1", "baz 0 0 0"])
    XCTAssertEqual(
      try stats("orderBy=shortUrlsCount-DESC"), ["foo 3 5 1", "bar 1 2 1", "baz 0 0 0"])
    XCTAssertEqual(try stats("orderBy=visits"), ["baz 0 0 0", "bar 1 2 1", "foo 3 5 1"])
    XCTAssertEqual(
      try stats("orderBy=nonBotVisits-DESC&searchTerm=ba"), ["bar 1 2 1", "baz 0 0 0"])
  }

  func testEveryTagComesOnceBehindCursorsInEveryOrder() throws {
    try scene.run("INSERT INTO tags (name) SELECT 'tag ' || n FROM generate_series(1, 23) AS n")
    try scene.run(
      """
      INSERT INTO short_url_tags SELECT 4, id FROM tags WHERE tenant = 0 AND name LIKE 'tag 1%'
      """)
    for column in ["tag", "shortUrlsCount", "visits", "nonBotVisits"] {
      for direction in ["ASC", "DESC"] {
        let query = "orderBy=\(column)-\(direction)"
        let all = try stats(query)
        XCTAssertEqual(all.count, 26)
        var (met, cursor, pages) = ([String](), "", 0)
        repeat {
          let page = try scene.perform(
            ListTagStats(), "\(query)&itemsPerPage=4" + cursor, for: Self.admin)
          met += page.tags.map { "\($0.name) \($0.links) \($0.visits) \($0.botVisits)" }
          cursor = page.pagination.nextCursor.map { "&cursor=" + $0 } ?? ""
          pages += 1
        } while !cursor.isEmpty && pages < 20
        XCTAssertEqual(met, all, query)
      }
    }
  }

  func testATagIsRenamedWithItsLinks() throws {
    _ = try scene.perform(
      RenameTag(), body: ["oldName": "Foo", "newName": "New Foo"], for: Self.admin)
    XCTAssertEqual(try tags().names, ["bar", "baz", "new-foo"])
    XCTAssertEqual(try stats()[2], "new-foo 3 5 1")
    _ = try scene.perform(RenameTag(), body: ["oldName": "bar", "newName": "bar"], for: Self.admin)
    // Another tenant's name is free.
    _ = try scene.perform(
      RenameTag(), body: ["oldName": "bar", "newName": "secret"], for: Self.admin)
    XCTAssertEqual(try tags(for: Self.other).names, ["secret"])
  }

  func testARenamingThatCanNotBeIsToldInShlinksWords() throws {
    func problem(_ old: String, _ new: String, for caller: Caller = Self.admin) throws -> Problem {
      try assertThrows(ManagementFailure.self) {
        _ = try scene.perform(
          RenameTag(), body: ["oldName": .string(old), "newName": .string(new)], for: caller)
      }.problem
    }
    let missing = try problem("invalid_tag", "x")
    XCTAssertEqual(missing.type.uri, "https://shlink.io/api/error/tag-not-found")
    XCTAssertEqual(missing.status.code, 404)
    XCTAssertEqual(missing.detail, #"Tag with name "invalid_tag" could not be found"#)
    XCTAssertEqual(missing.members, [.init("tag", "invalid_tag")])
    let taken = try problem("foo", "bar")
    XCTAssertEqual(taken.type.uri, "https://shlink.io/api/error/tag-conflict")
    XCTAssertEqual(taken.status.code, 409)
    XCTAssertEqual(taken.detail, "You cannot rename tag foo to bar, because it already exists")
    XCTAssertEqual(taken.members, [.init("oldName", "foo"), .init("newName", "bar")])
    for caller in [Self.author, Self.domain] {
      let forbidden = try problem("foo", "x", for: caller)
      XCTAssertEqual(forbidden.type.uri, "https://shlink.io/api/error/forbidden-tag-operation")
      XCTAssertEqual(forbidden.status.code, 403)
      XCTAssertEqual(forbidden.detail, "You are not allowed to rename tags")
    }
    XCTAssertEqual(try problem("foo", "x", for: Self.other).status.code, 404)
    XCTAssertEqual(try tags().names, ["bar", "baz", "foo"])
    let bodies: [[String: JSONValue]] = [
      [:], ["oldName": "foo"], ["newName": "foo"], ["oldName": "", "newName": "x"],
      ["oldName": .number("7"), "newName": .array(["x"])],
    ]
    for body in bodies {
      _ = try assertThrows(InputFailure.self) {
        _ = try scene.perform(RenameTag(), body: body, for: Self.admin)
      }
    }
  }

  func testTagsAreDeletedAndLinksStay() throws {
    for caller in [Self.author, Self.domain] {
      let problem = try assertThrows(ManagementFailure.self) {
        _ = try scene.perform(DeleteTags(), "tags[]=foo", for: caller)
      }.problem
      XCTAssertEqual(problem.type.uri, "https://shlink.io/api/error/forbidden-tag-operation")
      XCTAssertEqual(problem.detail, "You are not allowed to delete tags")
    }
    _ = try scene.perform(DeleteTags(), "tags[]=foo&tags[]=BAR&tags[]=none", for: Self.other)
    XCTAssertEqual(try tags().names, ["bar", "baz", "foo"])
    _ = try scene.perform(DeleteTags(), "tags[]=foo&tags[]=BAR&tags[]=none", for: Self.admin)
    XCTAssertEqual(try tags().names, ["baz"])
    _ = try scene.perform(DeleteTags(), "", for: Self.admin)
    XCTAssertEqual(try tags().names, ["baz"])
    XCTAssertEqual(try tags(for: Self.other).names, ["secret"])
    XCTAssertEqual(try scene.count("short_urls"), 5)
    XCTAssertEqual(try scene.count("short_url_tags"), 2)
  }

  func testTagsOfTooManyLinksAreDeletedByTheCommandLineAlone() throws {
    let limit = TagTable.limitOfDeletion
    try scene.run(
      """
      INSERT INTO short_url_tags
      SELECT n, id FROM generate_series(100, \(2 * limit + 100)) AS n, tags WHERE name = 'bar'
      """)
    let count = try scene.count("short_url_tags")
    let problem = try assertThrows(ManagementFailure.self) {
      _ = try scene.perform(DeleteTags(), "tags[]=bar&tags[]=baz", for: Self.admin)
    }.problem
    XCTAssertEqual(problem.status.code, 403)
    XCTAssertTrue(problem.detail.contains("swiftlet tag delete"), problem.detail)
    XCTAssertEqual(try tags().names, ["bar", "baz", "foo"])
    XCTAssertEqual(try scene.count("short_url_tags"), count)
    _ = try scene.perform(DeleteTags(), "tags[]=bar&tags[]=baz", for: .operatorOf(tenant: 0))
    XCTAssertEqual(try tags().names, ["foo"])
    XCTAssertEqual(try scene.count("short_url_tags"), 4)
  }
}
