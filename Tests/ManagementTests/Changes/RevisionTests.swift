import API
import Access
import EngineSupport
import Links
import Management
import Postgres
import XCTest

/// What is kept of a link that leads elsewhere now, and what is left of its visits.
final class RevisionTests: XCTestCase {
  private let link = Link(
    id: SnowflakeID(rawValue: 7), destination: DestinationURL(unchecked: "http://e.org/1"))

  private func texts(_ links: ChangedLinks, _ question: SQL) throws -> [String] {
    try links.database.admin().executeOnce(question, "look", timeoutMilliseconds: 20_000)
      .map { row throws(PostgresError) in try row.text() }
  }

  private func revisions(_ links: ChangedLinks) throws -> [String] {
    try texts(
      links,
      """
      SELECT concat_ws(' ', number, original_url, rules) FROM short_url_revisions ORDER BY number
      """)
  }

  private func setRules(_ links: ChangedLinks, _ rules: String?) throws -> ShortURL? {
    try links.store.units().perform("set rules", for: .operator) { unit throws(TableError) in
      try unit.shortURLs.setRules(of: link.key, to: rules)
    }
  }

  func testEachEditOfURLOrRulesKeepsWhatWasAndCountsTheRevision() throws {
    let links = try ChangedLinks(inserting: [link])
    let second = DestinationURL(unchecked: "http://e.org/2")
    _ = try links.store.edit(link.key) { $0.longURL = .set(second) }
    XCTAssertEqual(try setRules(links, "[1]")?.hasRules, true)
    XCTAssertEqual(try setRules(links, nil)?.hasRules, false)
    XCTAssertEqual(
      try revisions(links), ["1 http://e.org/1", "2 http://e.org/2", "3 http://e.org/2 [1]"])
    let other = DestinationURL(unchecked: "http://e.org/3")
    let key = Key(id: 9, tenant: 0, rights: KeyRights())
    _ = try links.store.edit(link.key, for: .key(key)) { $0.longURL = .set(other) }
    XCTAssertEqual(
      try texts(
        links, "SELECT concat(number, ' ', ended_by) FROM short_url_revisions ORDER BY number"),
      ["1 ", "2 ", "3 ", "4 9"])
    _ = try links.store.edit(link.key) { $0.longURL = .set(second) }
    // Neither what stays the same nor what is no destination makes a revision.
    _ = try links.store.edit(link.key) {
      $0.longURL = .set(second)
      $0.title = .set("A title")
      $0.maxVisits = .set(1)
    }
    _ = try setRules(links, nil)
    _ = try links.store.disable(link.key)
    _ = try links.store.delete(link.key)
    XCTAssertEqual(try revisions(links).count, 5)
    XCTAssertEqual(try texts(links, "SELECT revision::text FROM short_urls"), ["6"])
    XCTAssertEqual(try links.outbox().count, 9)
  }

  func testVisitsStaySpentUnderAnotherLimit() throws {
    let links = try ChangedLinks(inserting: [link])
    func left(_ limit: Int?) throws -> [String] {
      let edited = try links.store.edit(link.key) {
        $0.maxVisits = limit.map { .set($0) } ?? .clear
      }
      XCTAssertEqual(edited?.meta.maxVisits, limit)
      return try texts(links, "SELECT greatest(0, allowed - spent)::text FROM visit_budgets")
    }
    XCTAssertEqual(try left(10), ["10"])
    _ = try texts(links, "UPDATE visit_budgets SET spent = 6 RETURNING ''")
    XCTAssertEqual(try left(10), ["4"])
    XCTAssertEqual(try left(12), ["6"])
    XCTAssertEqual(try left(5), ["0"])
    XCTAssertEqual(try left(10), ["4"], "those beyond a lower limit stay spent, too")
    XCTAssertEqual(try left(nil), ["2147483641"])
    XCTAssertEqual(try left(7), ["1"], "no limit gives none of them back")
    // A first limit counts the visits of people that are known.
    _ = try texts(links, "INSERT INTO link_visits VALUES (7, 20, 3) RETURNING ''")
    XCTAssertEqual(try left(20), ["3"])
    XCTAssertEqual(try left(nil), ["2147483630"])
    XCTAssertEqual(try left(2), ["0"])
    XCTAssertEqual(try left(18), ["1"], "more than that limit was visited before")
    let found = try links.store.edit(link.key) { _ in }
    XCTAssertEqual(found?.visits, 20)
    XCTAssertEqual(found?.botVisits, 3)
  }
}
