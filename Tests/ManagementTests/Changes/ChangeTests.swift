import EngineSupport
import Links
import Management
import Postgres
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
    let edited = try links.store.change([key("abc")], .edit(elsewhere))
    let expected = Link(
      id: SnowflakeID(rawValue: 1), key: try key("abc"), destination: elsewhere,
      createdAt: 1_700_000_000_123)
    XCTAssertEqual(edited, [expected])
    XCTAssertEqual(try links.store.find(key("abc")), expected)
    XCTAssertEqual(try links.store.find(key("ABC")), try link(2, code: "ABC"))
    XCTAssertEqual(try links.outbox(), ["1 abc"])
  }

  func testALinkIsDisabledAndEnabledAsOftenAsOneLikesAndAnnouncedEachTime() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    for (change, state) in [
      (ShortURLChange.disable, LinkState.disabled), (.disable, .disabled),
      (.edit(elsewhere), .disabled), (.enable, .enabled), (.enable, .enabled),
    ] {
      XCTAssertEqual(try links.store.change([key("abc")], change).map(\.state), [state])
      XCTAssertEqual(try links.store.find(key("abc"))?.state, state)
    }
    XCTAssertEqual(try links.outbox(), Array(repeating: "1 abc", count: 5))
  }

  func testADeletedLinkStaysDeletedAndItsNameStaysTaken() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    XCTAssertEqual(try links.store.change([key("abc")], .delete).map(\.state), [.deleted])
    let times = try links.times()
    for change in [ShortURLChange.disable, .enable, .edit(elsewhere)] {
      let refused = try links.store.change([key("abc")], change)
      XCTAssertEqual(refused.map(\.state), [.deleted])
      XCTAssertEqual(refused.map(\.destination), [try link(1).destination])
      XCTAssertFalse(change.isMade(of: try XCTUnwrap(refused.first)))
    }
    XCTAssertEqual(try links.outbox(), ["1 abc"], "nothing has changed, so nothing is announced")
    XCTAssertEqual(try links.store.change([key("abc")], .delete).map(\.state), [.deleted])
    XCTAssertEqual(try links.times(), times, "it is deleted since the first time")
    XCTAssertEqual(try links.outbox().count, 2)
    XCTAssertEqual(try links.store.insert(link(2, code: "abc")), .collision)
  }

  func testLinksAreChangedTogetherAndOthersStayAsTheyAre() throws {
    let links = try ChangedLinks(inserting: (1...9).map { try link($0, code: "c\($0)") })
    _ = try links.store.change([key("c4")], .delete)
    let named = try ["c9", "c1", "nothing", "c4", "c1", "C1"].map(key)
    let answer = try links.store.change(named, .disable)
    XCTAssertEqual(
      answer.map { "\($0.slug) \($0.state)" }, ["c1 disabled", "c4 deleted", "c9 disabled"],
      "each once, by name")
    XCTAssertEqual(Set(try links.outbox()), ["4 c4", "1 c1", "9 c9"])
    for number: Int64 in [2, 3, 5, 6, 7, 8] {
      XCTAssertEqual(try links.store.find(key("c\(number)")), try link(number, code: "c\(number)"))
    }
    XCTAssertEqual(try links.store.change([], .delete), [])
  }

  func testARowOfTheOutboxIsDueAtOnceAndSaysWhenTheLinkChanged() throws {
    let links = try ChangedLinks(inserting: [link(1, code: "abc")])
    _ = try links.store.change([key("abc")], .disable)
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
    _ = try links.store.change([key("abc")], .disable)
    let before = try XCTUnwrap(try scans(updates: 1))
    _ = try links.store.change([key("abc"), key("many11"), key("none")], .disable)
    XCTAssertEqual(try scans(updates: 3), before)
  }
}
