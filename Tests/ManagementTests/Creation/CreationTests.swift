import API
import Access
import EngineSupport
import HTTPTypes
import JSON
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// New links with all that they may have.
///
/// The expectations are those of Shlink's own tests of its API.
final class CreationTests: XCTestCase {
  private func assertRefused(
    _ members: [String], _ type: ProblemType = ProblemType.Shlink.invalidData, _ note: String = "",
    line: UInt = #line, _ body: () throws -> Void
  ) {
    do {
      try body()
      XCTFail("not refused: \(note)", line: line)
    } catch let failure as InputFailure {
      assert(failure.problem(isREST: true), members, type, note, line)
    } catch let failure as ManagementFailure {
      assert(failure.problem, members, type, note, line)
    } catch {
      XCTFail("\(error)", line: line)
    }
  }

  private func assert(
    _ problem: Problem, _ members: [String], _ type: ProblemType, _ note: String, _ line: UInt
  ) {
    XCTAssertEqual(problem.type, type, note + problem.detail, line: line)
    let elements = problem.members.first { $0.key == "invalidElements" }?.value.array
    XCTAssertEqual(
      elements?.map { $0.string ?? "" } ?? problem.members.map { $0.value.string ?? "" }, members,
      note + problem.detail, line: line)
  }

  func testALinkIsMadeWithAllThatItMayHave() throws {
    let scene = try CreationScene()
    let made = try scene.make(
      """
      {"longUrl":"https://example.org/a?b='c'","customSlug":"my cool slug","pathPrefix":"foo/b  ar-",
      "validSince":"2026-01-01T01:00:00+01:00","validUntil":"2027-01-01","maxVisits":"7",
      "tags":["fo o","  Bar","foo","FOO"],"title":" A  title ","crawlable":true,"forwardQuery":false,
      "preview":false,"shortCodeLength":4,"unknown":[{}]}
      """)
    let expected =
      #"{"shortCode":"foo-b--ar-my-cool-slug","shortUrl":"https://sho.rt/foo-b--ar-my-cool-slug","#
      + #""longUrl":"https://example.org/a?b='c'","dateCreated":"DATE","tags":["bar","fo-o","foo"],"#
      + #""meta":{"validSince":"2026-01-01T00:00:00+00:00","validUntil":"2027-01-01T00:00:00+00:00","#
      + #""maxVisits":7},"domain":null,"title":"A  title","crawlable":true,"forwardQuery":false,"#
      + #""preview":false,"hasRedirectRules":false,"enabled":true,"id":"\#(made.id.rawValue)","#
      + #""visitsSummary":{"total":0,"nonBots":0,"bots":0},"revision":"\#(made.revision)"}"#
    let text = String(decoding: made.response.body, as: UTF8.self)
    XCTAssertEqual(
      text.replacing(#/"dateCreated":"[^"]*"/#, with: #""dateCreated":"DATE""#), expected)
    XCTAssertEqual(made.response.status, .ok)
    let found = try GetShortURL().perform(
      ShortURLName(try XCTUnwrap(Slug("foo-b--ar-my-cool-slug"))), for: .operator, in: scene.stores)
    XCTAssertEqual(found, made)
    XCTAssertEqual(try scene.texts("SELECT slug FROM outbox"), ["foo-b--ar-my-cool-slug"])
    XCTAssertEqual(
      try scene.texts("SELECT concat_ws(' ', allowed, spent) FROM visit_budgets"), ["7 0"])
  }

  func testALinkWithADestinationAloneIsNamedByItsIdAndPassesTheQueryOn() throws {
    let scene = try CreationScene(nil, CreationDefaults(resolvesTitles: true))
    let made = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"","title":null}"#)
    XCTAssertEqual(made.shortCode, Slug(made.id).description)
    XCTAssertTrue(made.forwardsQuery)
    XCTAssertTrue(made.hasPreview)
    XCTAssertFalse(made.isCrawlable)
    XCTAssertNil(made.title)
    _ = try scene.make(#"{"longUrl":"https://example.org/","title":""}"#)
    XCTAssertEqual(
      try scene.texts("SELECT title_wanted::text FROM short_urls ORDER BY snowflake_id"),
      ["true", "false"])
    let plain = try CreationScene()
    _ = try plain.make(#"{"longUrl":"https://example.org/"}"#)
    XCTAssertEqual(try plain.texts("SELECT title_wanted::text FROM short_urls"), ["false"])
  }

  func testACodeOfAWantedLengthIsRandom() throws {
    let scene = try CreationScene()
    var codes: Set<String> = []
    for length in [4, 5, 12, 30] {
      for _ in 0..<20 {
        let made = try scene.make(
          #"{"longUrl":"https://example.org/","shortCodeLength":\#(length),"pathPrefix":"x."}"#)
        XCTAssertEqual(made.shortCode.utf8.count, length + 2)
        XCTAssertTrue(made.shortCode.hasPrefix("x."))
        codes.insert(made.shortCode)
      }
    }
    XCTAssertEqual(codes.count, 80)
    let clear = try CreationScene(
      nil, CreationDefaults(codes: .random(length: 9, isClear: true)))
    for _ in 0..<40 {
      let made = try clear.make(#"{"longUrl":"https://example.org/"}"#)
      XCTAssertEqual(made.shortCode.utf8.count, 9)
      XCTAssertFalse(made.shortCode.contains { "0Oo1IilL".contains($0) }, made.shortCode)
    }
  }

  func testANameIsGivenOnceInEachDomainAndAgainAfterADeletion() throws {
    let scene = try CreationScene()
    let body = #"{"longUrl":"https://example.org/","customSlug":"custom"}"#
    let inDomain =
      #"{"longUrl":"https://example.org/","customSlug":"custom","domain":"Go.Example"}"#
    let first = try scene.make(body)
    let other = try scene.make(inDomain)
    XCTAssertEqual(other.domain, "go.example")
    XCTAssertEqual(other.shortURL, "https://go.example/custom")
    assertRefused(["custom"], ProblemType.Shlink.nonUniqueSlug) { _ = try scene.make(body) }
    // Somebody who can't see that link learns no more than that.
    assertRefused(["custom"], ProblemType.Shlink.nonUniqueSlug) {
      _ = try scene.make(body, for: .holder(7, authoredOnly: true))
    }
    assertRefused(["custom", "Go.Example"], ProblemType.Shlink.nonUniqueSlug) {
      _ = try scene.make(inDomain)
    }
    XCTAssertEqual(try scene.make(body.replacing("custom\"", with: "Custom\"")).shortCode, "Custom")
    let name = ShortURLName(try XCTUnwrap(Slug("custom")))
    _ = try DeleteShortURL().perform(name, for: .operator, in: scene.stores)
    let second = try scene.make(body)
    XCTAssertNotEqual(second.id, first.id)
    let found = try GetShortURL().perform(name, for: .operator, in: scene.stores)
    XCTAssertEqual(found.id, second.id)
  }

  func testNoSlugInAnOddSpellingIsStored() throws {
    let scene = try CreationScene()
    for slug in [
      "ü", "u\\u0308", "🦣🦣🦣", "a:b", "a?b", "a#b", "a[b]", "a@b", "%2f", "a%2Fb", "a\\tb", "a\\nb",
      "a\\u00a0b", "-", ".", "..", "a--", "a..", "a b  ", "/", " ", ".well-known", "rest", "stats",
      "robots.txt", "availability", "a+b", "a,b", "a'b", "a\\\\b", "\\u202ea",
      String(repeating: "a", count: 256),
    ] {
      assertRefused(["customSlug"], ProblemType.Shlink.invalidData, slug) {
        _ = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"\#(slug)"}"#)
      }
    }
    assertRefused(["pathPrefix"]) {
      _ = try scene.make(#"{"longUrl":"https://example.org/","pathPrefix":"."}"#)
    }
    assertRefused(["pathPrefix"]) {
      _ = try scene.make(
        """
        {"longUrl":"https://example.org/","pathPrefix":"\(String(repeating: "a", count: 250))"}
        """)
    }
    assertRefused(["customSlug"]) {
      _ = try scene.make(
        #"{"longUrl":"https://example.org/","pathPrefix":"sta","customSlug":"ts"}"#)
    }
    XCTAssertEqual(try scene.texts("SELECT short_code FROM short_urls"), [])
  }

  func testEverythingThatIsWrongIsNamedAtOnce() throws {
    let scene = try CreationScene()
    for (body, names) in [
      ("{}", ["longUrl"]), (#"{"longUrl":null}"#, ["longUrl"]), (#"{"longUrl":"  "}"#, ["longUrl"]),
      (#"{"longUrl":"foo.com"}"#, ["longUrl"]), (#"{"longUrl":"https://sho.rt/a"}"#, ["longUrl"]),
      (#"{"longUrl":"javascript:alert(1)"}"#, ["longUrl"]),
      (
        #"{"longUrl":[],"customSlug":1,"pathPrefix":{},"shortCodeLength":3,"domain":true,"#
          + #""findIfExists":"x","validSince":"x","validUntil":5,"maxVisits":0,"tags":{},"#
          + #""title":4,"crawlable":9,"forwardQuery":[],"preview":"no way"}"#,
        [
          "longUrl", "customSlug", "pathPrefix", "shortCodeLength", "domain", "findIfExists",
          "validSince", "validUntil", "maxVisits", "tags", "title", "crawlable", "forwardQuery",
          "preview",
        ]
      ),
    ] {
      assertRefused(names, ProblemType.Shlink.invalidData, body) { _ = try scene.make(body) }
    }
    for domain in [
      "localhost:80000", "127.0.0.1", "???/&%$&", "a b", "[::1]", "a..b", "go.example:1",
    ] {
      assertRefused(["domain"], ProblemType.Shlink.invalidData, domain) {
        _ = try scene.make(#"{"longUrl":"https://example.org/","domain":"\#(domain)"}"#)
      }
    }
    XCTAssertEqual(try scene.texts("SELECT authority FROM domains WHERE number > 0"), [])
  }

  func testADomainIsMadeByWhoMayAndUsedByItsTenantAlone() throws {
    let scene = try CreationScene()
    _ = try scene.texts("INSERT INTO tenants (id, name) VALUES (5, 'five') RETURNING ''")
    func make(_ domain: String, for caller: Caller) throws -> ShortURL {
      try scene.make(#"{"longUrl":"https://example.org/","domain":"\#(domain)"}"#, for: caller)
    }
    for name in ["sho.rt", "SHO.RT", "sho.rt:443", "DEFAULT", "default", ""] {
      XCTAssertNil(try? make(name, for: .holder(1)).domain ?? nil, name)
    }
    assertRefused(["domain"]) { _ = try make("go.example", for: .holder(1, scopes: [.anyScheme])) }
    XCTAssertEqual(try make("go.example", for: .holder(1)).domain, "go.example")
    XCTAssertEqual(
      try make("go.example", for: .holder(2, scopes: [.anyScheme])).domain, "go.example")
    assertRefused(["domain"]) { _ = try make("go.example", for: .holder(3, tenant: 5)) }
    // A key of one domain makes its links there, whatever it asks for.
    let bound = Caller.holder(4, tenant: 5, domain: "five.example")
    for domain in ["", "this-will-be-overwritten.com", "go.example", "five.example", "???"] {
      let made = try make(domain, for: bound)
      XCTAssertEqual(made.domain, "five.example")
    }
    XCTAssertEqual(
      try scene.texts(
        "SELECT DISTINCT concat_ws(' ', domain, tenant, author) FROM short_urls ORDER BY 1"),
      [" 0 1", "five.example 5 4", "go.example 0 1", "go.example 0 2"])
  }
}
