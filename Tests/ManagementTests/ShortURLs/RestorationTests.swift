import API
import Access
import EngineSupport
import JSON
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// Deletions that are undone, and names that are asked about.
final class RestorationTests: XCTestCase {
  private func name(_ text: String, domain: String? = nil) throws -> ShortURLName {
    ShortURLName(try XCTUnwrap(Slug(text)), domain: domain)
  }

  private func problem(_ body: () throws -> Void) throws -> ProblemType {
    try assertThrows(ManagementFailure.self, body).problem.type
  }

  func testADeletedLinkIsRestoredAsItWas() throws {
    let scene = try CreationScene()
    let made = try scene.make(
      """
      {"longUrl":"https://example.org/","customSlug":"promo","domain":"go.example","tags":["t"],
      "title":"A title","maxVisits":3}
      """)
    let promo = try name("promo", domain: "go.example")
    func restore(for caller: Caller = .operator) throws -> ShortURL {
      try RestoreShortURL().perform(promo, for: caller, in: scene.stores)
    }
    XCTAssertEqual(try restore(), made, "nothing to do")
    _ = try DeleteShortURL().perform(promo, for: .operator, in: scene.stores)
    XCTAssertEqual(
      try problem { _ = try restore(for: .holder(1, authoredOnly: true)) },
      ProblemType.Shlink.shortURLNotFound)
    XCTAssertEqual(try restore(), made)
    XCTAssertEqual(try restore(), made)
    XCTAssertEqual(
      try GetShortURL().perform(promo, for: .operator, in: scene.stores), made)
    // A new domain has a row, too, without a slug.
    XCTAssertEqual(try scene.texts("SELECT slug FROM outbox WHERE slug <> ''").count, 3)
    XCTAssertEqual(
      try problem {
        _ = try RestoreShortURL().perform(name("promo"), for: .operator, in: scene.stores)
      }, ProblemType.Shlink.shortURLNotFound)
  }

  func testANameThatWasGivenAgainAndADeletionOfLongAgoStay() throws {
    let scene = try CreationScene()
    let body = #"{"longUrl":"https://example.org/","customSlug":"promo"}"#
    let promo = try name("promo")
    func delete() throws {
      _ = try DeleteShortURL().perform(promo, for: .operator, in: scene.stores)
    }
    func restore() throws -> ShortURL {
      try RestoreShortURL().perform(promo, for: .operator, in: scene.stores)
    }
    let first = try scene.make(body)
    try delete()
    let second = try scene.make(body)
    XCTAssertEqual(try problem { _ = try restore() }, ProblemType.Shlink.nonUniqueSlug)
    XCTAssertEqual(
      try GetShortURL().perform(promo, for: .operator, in: scene.stores), second)
    try delete()
    XCTAssertEqual(try restore(), second)
    try delete()
    _ = try scene.texts(
      """
      UPDATE short_urls SET deleted_at = deleted_at - interval '30 days' RETURNING ''
      """)
    XCTAssertEqual(try problem { _ = try restore() }, ProblemType.Shlink.shortURLNotFound)
    _ = try scene.texts(
      """
      UPDATE short_urls SET deleted_at = now() - interval '29 days 23 hours'
      WHERE snowflake_id = \(first.id.rawValue) RETURNING ''
      """)
    XCTAssertEqual(try restore(), first)
  }

  func testALinkWhoseNameIsAnothersIsDeletedAgainWithoutAWord() throws {
    let scene = try CreationScene()
    let body = #"{"longUrl":"https://example.org/","customSlug":"promo"}"#
    let (first, second) = (
      Caller.holder(1, authoredOnly: true), Caller.holder(2, authoredOnly: true)
    )
    func delete(for caller: Caller) throws {
      _ = try DeleteShortURL().perform(name("promo"), for: caller, in: scene.stores)
    }
    func announcements() throws -> Int { try scene.texts("SELECT slug FROM outbox").count }
    _ = try scene.make(body, for: first)
    let withFirst = try announcements()
    try delete(for: first)
    try delete(for: first)
    XCTAssertEqual(try announcements(), withFirst + 2)
    _ = try scene.make(body, for: second)
    let withSecond = try announcements()
    try delete(for: first)
    XCTAssertEqual(try announcements(), withSecond)
    try delete(for: second)
    XCTAssertEqual(try announcements(), withSecond + 1)
  }

  func testALinkOfManyVisitsIsDeletedByTheOperatorAlone() throws {
    let scene = try CreationScene()
    let made = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"promo"}"#)
    let stores = ManagementStores(
      creation: scene.stores.creation, units: scene.stores.units,
      places: scene.stores.places, baseURL: scene.stores.baseURL, deletionThreshold: 15)
    func delete(for caller: Caller) throws {
      _ = try DeleteShortURL().perform(name("promo"), for: caller, in: stores)
    }
    func restore() throws {
      _ = try RestoreShortURL().perform(name("promo"), for: .operator, in: stores)
    }
    for (visits, isDeleted) in [(14, true), (15, false)] as [(Int, Bool)] {
      _ = try scene.texts(
        """
        INSERT INTO link_visits (link, total, bots) VALUES (\(made.id.rawValue), \(visits), 0)
        ON CONFLICT (link) DO UPDATE SET total = excluded.total RETURNING ''
        """)
      guard isDeleted else {
        let failure = try assertThrows(ManagementFailure.self) { try delete(for: .holder(1)) }
        XCTAssertEqual(failure.problem.type, ProblemType.Shlink.invalidDeletion)
        XCTAssertEqual(
          failure.problem.members, [.init("shortCode", "promo"), .init("threshold", .number("15"))])
        try delete(for: .operator)
        continue
      }
      try delete(for: .holder(1))
      try restore()
    }
  }

  func testWhoAsksForANameLearnsWhetherItCanBeGiven() throws {
    let scene = try CreationScene()
    _ = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"promo"}"#)
    _ = try scene.make(
      #"{"longUrl":"https://example.org/","customSlug":"there","domain":"go.example"}"#)
    func check(
      _ slug: String, domain: String? = nil, for caller: Caller = .operator
    ) throws -> String {
      let answer = try CheckSlug().perform(
        .init(slug, domain: domain), for: caller, in: scene.stores)
      XCTAssertEqual(answer.reason != nil, [.invalid, .reserved].contains(answer.status), slug)
      return "\(answer.slug) \(answer.status)"
    }
    for (slug, domain, expected) in [
      ("promo", nil, "promo taken"), ("Promo", nil, "Promo free"), ("a b/c", nil, "a-b-c free"),
      ("promo", "GO.example", "promo free"), ("there", "go.example", "there taken"),
      ("there", nil, "there free"), ("there", "unknown.example", "there free"),
      ("rest", nil, "rest reserved"), (".a", "go.example", ".a reserved"), ("ü", nil, "ü invalid"),
      ("a--", nil, "a-- invalid"), ("", nil, " invalid"), ("a%2fb", nil, "a%2fb invalid"),
    ] as [(String, String?, String)] {
      XCTAssertEqual(try check(slug, domain: domain), expected)
    }
    XCTAssertEqual(
      try problem { _ = try check("there", domain: "go.example", for: .holder(5, tenant: 9)) },
      ProblemType.Shlink.invalidData, "a domain of another tenant tells nothing")
    // What the caller can't see is taken all the same.
    XCTAssertEqual(try check("promo", for: .holder(3, authoredOnly: true)), "promo taken")
    XCTAssertEqual(try check("there", for: .holder(4, domain: "go.example")), "there taken")
    _ = try DeleteShortURL().perform(name("promo"), for: .operator, in: scene.stores)
    XCTAssertEqual(try check("promo"), "promo free")
    XCTAssertEqual(
      try problem { _ = try check("promo", domain: "???") }, ProblemType.Shlink.invalidData)
  }
}
