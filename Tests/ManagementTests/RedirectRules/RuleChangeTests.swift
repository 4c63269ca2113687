import Access
import EngineSupport
import Links
import Management
import Postgres
import TestSupport
import XCTest

/// Changes of rules that are made of the present ones.
final class RuleChangeTests: XCTestCase {
  private static func rule(_ number: Int) -> RedirectRule {
    RedirectRule(DestinationURL(unchecked: "https://example.org/\(number)"), when: [.device(.ios)])
  }

  func testOfManyAtOnceNoneUndoesAnother() throws {
    let database = try ScratchPostgres()
    let dsn = database.dsn
    _ = try CreationScene(dsn: dsn).make(
      #"{"longUrl":"https://example.org/","customSlug":"many"}"#)
    let name = ShortURLName(try XCTUnwrap(Slug("many")))
    let done = try Crowd.run(8) { number in
      try RuleChange(of: name) { $0 + [Self.rule(number)] }
        .perform(for: .operator, in: try CreationScene(dsn: dsn).stores).rules.count
    }
    XCTAssertEqual(Set(done.compactMap(\.self)), Set(1...8))
    let rules = try ListRedirectRules().perform(
      name, for: .operator, in: CreationScene(dsn: dsn).stores
    ).rules
    XCTAssertEqual(
      Set(rules.map(\.destination.description)),
      Set((0..<8).map { Self.rule($0).destination.description }))
  }

  func testOneThatIsRefusedChangesNothing() throws {
    struct Refusal: Error {}
    let scene = try CreationScene()
    let link = try scene.make(#"{"longUrl":"https://example.org/","customSlug":"one"}"#)
    let name = ShortURLName(try XCTUnwrap(Slug(link.shortCode)))
    XCTAssertThrowsError(
      try RuleChange(of: name) { _ in throw Refusal() }
        .perform(for: .operator, in: scene.stores)
    ) { XCTAssertTrue($0 is Refusal) }
    XCTAssertEqual(try scene.texts("SELECT revision::text FROM short_urls"), ["1"])
    let unknown = ShortURLName(try XCTUnwrap(Slug("none")))
    XCTAssertThrowsError(
      try RuleChange(of: unknown) { $0 }.perform(for: .operator, in: scene.stores)
    ) { XCTAssertTrue($0 is ManagementFailure) }
  }
}
