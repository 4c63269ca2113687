import API
import Access
import EngineSupport
import Links
import Management
import Postgres
import Sessions
import TestSupport
import XCTest

/// What a change makes of links, and that its row in the outbox comes with it.
final class ChangeTests: XCTestCase {
  private func link(_ number: Int64, code: String? = nil) throws -> Link {
    let id = SnowflakeID(rawValue: number)
    return Link(
      id: id, key: LinkKey(try XCTUnwrap(code.map { Slug($0) } ?? Slug(id))),
      destination: DestinationURL(unchecked: "http://e.org/\(number)"),
      createdAt: 1_700_000_000_123)
  }

  private func key(_ slug: String) throws -> LinkKey { LinkKey(try XCTUnwrap(Slug(slug))) }

  private let elsewhere = DestinationURL(unchecked: "https://elsewhere.example/'\"\\%2F?a=$1")

  func testAnEditedLinkLeadsElsewhereAndIsTheSameOtherwise() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc"), link(2, code: "ABC")])
    let edited = try links.store.edit(key("abc")) { $0.longURL = .set(elsewhere) }
    let expected = Link(
      id: SnowflakeID(rawValue: 1), key: try key("abc"), destination: elsewhere,
      createdAt: 1_700_000_000_123, terms: LinkTerms(revision: 2))
    XCTAssertEqual(edited?.id, expected.id)
    XCTAssertEqual(edited?.shortCode, "abc")
    XCTAssertEqual(edited?.longURL, elsewhere.description)
    XCTAssertEqual(edited?.createdAt, expected.createdAt)
    XCTAssertEqual(edited?.isEnabled, true)
    XCTAssertEqual(try links.store.find(key("abc")), expected)
    XCTAssertEqual(try links.store.find(key("ABC")), try link(2, code: "ABC"))
    XCTAssertEqual(try links.outbox(), ["1 abc"])
  }

  func testALinkIsDisabledAndEnabledAsOftenAsOneLikesAndAnnouncedEachTime() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    for (isEnabled, state) in [
      (Change.set(false), LinkState.disabled), (.set(false), .disabled), (.keep, .disabled),
      (.set(true), .enabled), (.set(true), .enabled), (.keep, .enabled),
    ] {
      let edited = try links.store.edit(key("abc")) { $0.isEnabled = isEnabled }
      XCTAssertEqual(edited?.isEnabled, state == .enabled)
      XCTAssertEqual(try links.store.find(key("abc"))?.state, state)
    }
    XCTAssertEqual(try links.outbox(), Array(repeating: "1 abc", count: 6))
  }

  func testALinkThatIsDisabledAgainIsDisabledSinceTheFirstTime() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    _ = try links.store.disable(key("abc"))
    let times = try links.times()
    _ = try links.store.disable(key("abc"))
    XCTAssertEqual(try links.times(), times)
  }

  func testSeveralFieldsAreOneChangeWithOneRowInTheOutbox() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    let edited = try links.store.edit(key("abc")) {
      $0.longURL = .set(elsewhere)
      $0.isEnabled = .set(false)
    }
    XCTAssertEqual(edited?.longURL, elsewhere.description)
    XCTAssertEqual(edited?.isEnabled, false)
    XCTAssertEqual(try links.outbox(), ["1 abc"])
  }

  func testADeletedLinkStaysDeletedUntilItsNameIsGivenAgain() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    XCTAssertNotNil(try links.store.delete(key("abc")))
    let times = try links.times()
    for isEnabled in [Change.keep, .set(true), .set(false)] {
      let edited = try links.store.edit(key("abc")) {
        $0.longURL = .set(elsewhere)
        $0.isEnabled = isEnabled
      }
      XCTAssertNil(edited)
    }
    XCTAssertEqual(try links.store.find(key("abc"))?.destination, try link(1).destination)
    XCTAssertEqual(try links.outbox(), ["1 abc"], "nothing has changed, so nothing is announced")
    XCTAssertNotNil(try links.store.delete(key("abc")))
    XCTAssertEqual(try links.times(), times, "it is deleted since the first time")
    XCTAssertEqual(try links.outbox().count, 2)
    XCTAssertEqual(
      try links.store.insert(link(2, code: "abc")), .collision, "no draw gives it again")
    try links.give("abc", to: 2)
    XCTAssertEqual(try links.store.insert(link(3, code: "abc")), .collision)
    XCTAssertEqual(try links.store.disable(key("abc"))?.id, SnowflakeID(rawValue: 2))
    XCTAssertEqual(try links.store.delete(key("abc"))?.id, SnowflakeID(rawValue: 2))
    // Of two that are deleted, it is the later one.
    XCTAssertEqual(try links.store.delete(key("abc"))?.id, SnowflakeID(rawValue: 2))
    XCTAssertEqual(try links.outbox().suffix(3), ["2 abc", "2 abc", "2 abc"])
  }

  func testOtherLinksStayAsTheyAre() throws {
    let links = try ChangedLinks(inserting: (1...9).map { try link($0, code: "c\($0)") })
    for name in ["c9", "c1", "nothing", "C1"] {
      _ = try links.store.disable(key(name))
    }
    _ = try links.store.delete(key("c4"))
    XCTAssertEqual(try links.outbox(), ["9 c9", "1 c1", "4 c4"])
    for number: Int64 in [2, 3, 5, 6, 7, 8] {
      XCTAssertEqual(try links.store.find(key("c\(number)")), try link(number, code: "c\(number)"))
    }
  }

  func testAUnitOfSeveralLinksChangesAllOfThemOrNone() throws {
    let links = try ChangedLinks(inserting: (1...3).map { try link($0, code: "c\($0)") })
    let keys = try (1...3).map { try key("c\($0)") }
    let units = try links.store.units()
    _ = try units.perform("delete", for: .operator) { unit throws(TableError) in
      for key in keys { _ = try unit.shortURLs.delete(key) }
    }
    XCTAssertEqual(try links.outbox(), ["1 c1", "2 c2", "3 c3"])
    let failure = try assertThrows(ManagementFailure.self) {
      _ = try units.perform("delete", for: .operator) { unit throws(TableError) in
        for key in keys { _ = try unit.shortURLs.delete(key) }
        throw TableError(.cardinalityViolation, "made up", during: "test")
      }
    }
    guard case .unavailable(let error) = failure else { return XCTFail("\(failure)") }
    XCTAssertEqual(error.kind, .rejected)
    XCTAssertEqual(try links.outbox().count, 3)
  }

  func testWhoMaySeeNothingReadsAndChangesNothing() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    let key = try key("abc")
    XCTAssertNil(try links.store.edit(key, for: .anyone) { $0.isEnabled = .set(false) })
    XCTAssertNil(try links.store.delete(key, for: .anyone))
    let units = try links.store.units()
    for (caller, isSeen) in [(Caller.anyone, false), (.operator, true)] {
      let (found, names) = try units.read("look", for: caller) {
        unit throws(TableError) in
        (try unit.shortURLs.find(key), try unit.shortURLs.names(among: [key.slug]))
      }
      XCTAssertEqual(found != nil, isSeen)
      XCTAssertEqual(names.count, isSeen ? 1 : 0)
    }
    XCTAssertEqual(try links.outbox(), [])
    XCTAssertEqual(try links.store.find(key), try link(1, code: "abc"))
  }

  /// Somebody may have put it there by hand.
  func testALinkWhoseURLCanBeNoLocationIsEditedAndDeletedLikeOthers() throws {
    let links = try ChangedLinks(inserting: (1...3).map { try link($0, code: "c\($0)") })
    for url in [
      "javascript:alert(1)", "http://e.org/\u{1B}[2J", String(repeating: "ö", count: 9000),
    ] {
      _ = try links.database.admin().executeOnce(
        "UPDATE short_urls SET original_url = \(url)", "spoil", timeoutMilliseconds: 20_000)
      XCTAssertNil(try links.store.find(key("c1")))
      let edited = try links.store.disable(key("c1"))
      XCTAssertEqual(edited?.longURL, String(url.prefix(8192)))
      XCTAssertEqual(edited?.isEnabled, false)
      let mended = try links.store.edit(key("c2")) { $0.longURL = .set(elsewhere) }
      XCTAssertEqual(mended?.longURL, elsewhere.description)
      XCTAssertNotNil(try links.store.delete(key("c3")))
    }
    XCTAssertEqual(try links.outbox().count, 9)
  }

  func testARowOfTheOutboxIsDueAtOnceAndSaysWhenTheLinkChanged() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    _ = try links.store.disable(key("abc"))
    let row = try links.database.admin().executeOnce(
      """
      SELECT domain || ',' || due_at::text || ',' || (changed_at <= clock_timestamp())::text || ','
        || (changed_at >= (SELECT disabled_at FROM short_urls))::text FROM outbox
      """, "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.text() }
    XCTAssertEqual(row, ",-infinity,true,true")
  }

  /// Else a change would read all links.
  func testAChangeReadsTheRowsOfItsLinksAlone() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    let admin = try links.database.admin()
    try admin.executeScript(
      unsafe: """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
          SELECT number, 'many' || number, 'http://e.org/' FROM generate_series(10, 20000) AS number;
        ANALYZE short_urls;
        """, "fill", timeoutMilliseconds: 60_000)
    /// How often the whole table was read, once the server counts so many updates.
    func scans(updates: Int) throws -> Int64? {
      var scans: Int64?
      _ = try eventually(seconds: 60) {
        scans = try admin.executeOnce(
          """
          SELECT seq_scan FROM pg_stat_user_tables
          WHERE relname = 'short_urls' AND n_tup_upd = \(updates)
          """, "look", timeoutMilliseconds: 20_000
        ).first { row throws(PostgresError) in try row.integer() }
        return scans != nil
      }
      return scans
    }
    _ = try links.store.disable(key("abc"))
    let before = try XCTUnwrap(try scans(updates: 1))
    for name in ["abc", "many11", "none"] {
      _ = try links.store.disable(key(name))
      _ = try links.store.delete(key(name))
    }
    XCTAssertEqual(try scans(updates: 5), before)
  }
}
