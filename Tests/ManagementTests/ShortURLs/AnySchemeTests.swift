import API
import Access
import Destinations
import JSON
import Links
import Management
import Web
import XCTest

/// Links to other schemes than http and https, and whose links may have them.
final class AnySchemeTests: XCTestCase {
  private let (scoped, bare) = (
    Caller.holder(1, scopes: [.anyScheme]), Caller.holder(2, scopes: [.admin])
  )

  private func assertRefused(
    _ member: String, line: UInt = #line, _ body: () throws -> some Any
  ) {
    XCTAssertThrowsError(try body(), line: line) { error in
      let problem = (error as? ManagementFailure)?.problem
      XCTAssertEqual(problem?.type, ProblemType.Shlink.invalidData, line: line)
      let elements = problem?.members.first { $0.key == "invalidElements" }?.value.array
      XCTAssertEqual(elements?.map { $0.string ?? "" }, [member], line: line)
    }
  }

  func testALinkLeadsToAnotherSchemeForKeysThatMay() throws {
    let scene = try CreationScene()
    for caller in [scoped, .holder(3), .operator] {
      let made = try scene.make(#"{"longUrl":"mailto:a@example.org"}"#, for: caller)
      XCTAssertEqual(made.longURL, "mailto:a@example.org")
    }
    assertRefused("longUrl") { try scene.make(#"{"longUrl":"tel:1"}"#, for: bare) }
    XCTAssertThrowsError(try scene.make(#"{"longUrl":"javascript:1"}"#, for: .holder(3)))
    XCTAssertNoThrow(try scene.make(#"{"longUrl":"https://e.org/"}"#, for: bare))
  }

  func testAnEditAndRulesNameAnotherSchemeForKeysThatMay() throws {
    let scene = try CreationScene()
    let made = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"a"}"#)
    let name = ShortURLName(try XCTUnwrap(Slug("a")))
    XCTAssertEqual(made.longURL, "https://example.org/")
    let url = DestinationURL(unchecked: "tel:112")
    var edition = ShortURLEdition()
    edition.longURL = .set(url)
    let edit = EditShortURL(try OwnHosts(["sho.rt"]))
    assertRefused("longUrl") { try edit.perform(.init(name, edition), for: bare, in: scene.stores) }
    XCTAssertEqual(
      try edit.perform(.init(name, edition), for: scoped, in: scene.stores).longURL, "tel:112")
    // What it doesn't name it may keep.
    var title = ShortURLEdition()
    title.title = .set("Help")
    XCTAssertEqual(
      try edit.perform(.init(name, title), for: bare, in: scene.stores).longURL, "tel:112")

    let rules = [
      RedirectRule(DestinationURL(unchecked: "https://e.org/"), when: []),
      RedirectRule(url, when: [.parameter(QueryParameter("call"), .all)]),
    ]
    let set = SetRedirectRules(try OwnHosts(["sho.rt"]))
    assertRefused("redirectRules") {
      try set.perform(.init(name, .success(rules)), for: bare, in: scene.stores)
    }
    XCTAssertEqual(
      try ListRedirectRules().perform(name, for: bare, in: scene.stores).rules, [])
    _ = try set.perform(.init(name, .success(rules)), for: scoped, in: scene.stores)
    XCTAssertEqual(
      try ListRedirectRules().perform(name, for: bare, in: scene.stores).rules, rules)
  }

  func testRulesOfAnUnknownLinkAreNotFoundBeforeTheyAreRefused() throws {
    let scene = try CreationScene()
    let rules = [RedirectRule(DestinationURL(unchecked: "tel:1"), when: [])]
    let name = ShortURLName(try XCTUnwrap(Slug("none")))
    XCTAssertThrowsError(
      try SetRedirectRules(OwnHosts()).perform(
        .init(name, .success(rules)), for: bare, in: scene.stores)
    ) { error in
      XCTAssertEqual(
        (error as? ManagementFailure)?.problem.type, ProblemType.Shlink.shortURLNotFound)
    }
  }
}
