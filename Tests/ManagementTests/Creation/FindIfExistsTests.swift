import API
import Access
import Destinations
import EngineSupport
import Links
import Management
import Postgres
import TestSupport
import XCTest

/// `findIfExists`: a link that is there is answered if it has what is asked for.
final class FindIfExistsTests: XCTestCase {
  private func body(_ members: String, finding: Bool) -> String {
    #"{"longUrl":"https://example.org/x","findIfExists":\#(finding)\#(members)}"#
  }

  func testALinkIsFoundThatHasAllThatIsAskedFor() throws {
    let scene = try CreationScene()
    for members in [
      "", #","tags":["boo","far"]"#, #","customSlug":"my cool slug""#, #","domain":"go.example""#,
      #","tags":["boo","far"],"validSince":"2026-11-26T12:00:00+01:00","maxVisits":7"#,
      #","validUntil":"2030-01-01""#,
    ] {
      let made = try scene.make(body(members, finding: false))
      XCTAssertEqual(try scene.make(body(members, finding: true)).id.rawValue > 0, true)
      let found = try scene.make(body(members, finding: true))
      if !members.isEmpty { XCTAssertEqual(found.shortCode, made.shortCode, members) }
    }
    XCTAssertEqual(try scene.texts("SELECT short_code FROM short_urls").count, 6)
  }

  func testALinkThatLacksSomethingIsNotFound() throws {
    let scene = try CreationScene()
    let first = try scene.make(body(#","tags":["a","b","c"],"maxVisits":5"#, finding: true))
    var known: Set = [first.id.rawValue]
    for members in [
      #","tags":["a","b"]"#, #","tags":["a","b","c","d"]"#, #","maxVisits":6"#,
      #","validSince":"2026-01-01""#, #","validUntil":"2026-01-01""#, #","customSlug":"other""#,
      #","domain":"go.example""#,
    ] {
      let made = try scene.make(body(members, finding: true))
      XCTAssertTrue(known.insert(made.id.rawValue).inserted, members)
    }
    XCTAssertEqual(try scene.make(body("", finding: true)).id, first.id, "the oldest one")
    // What others made, what is disabled and what is deleted isn't there.
    let key = Caller.holder(9, authoredOnly: true)
    let own = try scene.make(body("", finding: true), for: key)
    XCTAssertTrue(known.insert(own.id.rawValue).inserted)
    XCTAssertEqual(try scene.make(body("", finding: true), for: key).id, own.id)
    var disabled = ShortURLEdition()
    disabled.isEnabled = .set(false)
    let name = ShortURLName(try XCTUnwrap(Slug(own.shortCode)))
    _ = try EditShortURL(OwnHosts()).perform(.init(name, disabled), for: key, in: scene.stores)
    XCTAssertNotEqual(try scene.make(body("", finding: true), for: key).id, own.id)
  }

  func testAKeyThatMayOnlyCreateIsShownNoLinkThatIsThere() throws {
    let scene = try CreationScene()
    let known = try scene.make(body("", finding: false))
    let creator = Caller.holder(9, scopes: [.createOnly])
    let made = try scene.make(body("", finding: true), for: creator)
    XCTAssertNotEqual(made.id, known.id)
    XCTAssertNotEqual(try scene.make(body("", finding: true), for: creator).id, made.id)
    let both = Caller.holder(9, scopes: [.createOnly, .readOnly])
    XCTAssertEqual(try scene.make(body("", finding: true), for: both).id, known.id)
  }

  /// Anybody can make links to a URL: they must not make it slow to find one.
  func testTheNewestThousandLinksToAURLAreLookedThrough() throws {
    let scene = try CreationScene()
    let old = try scene.make(body(#","tags":["old"]"#, finding: false))
    func add(_ count: Int64) throws {
      _ = try scene.texts(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        SELECT last + n, 'anonymous' || last + n, 'https://example.org/x'
        FROM generate_series(1, \(count)) AS n,
          (SELECT max(snowflake_id) AS last FROM short_urls) AS known RETURNING ''
        """)
    }
    try add(999)
    XCTAssertEqual(try scene.make(body(#","tags":["old"]"#, finding: true)).id, old.id)
    try add(1)
    XCTAssertNotEqual(try scene.make(body(#","tags":["old"]"#, finding: true)).id, old.id)
  }

  func testManyAtOnceMakeOneLink() throws {
    let database = try ScratchPostgres()
    let (dsn, body) = (database.dsn, body(#","tags":["t"]"#, finding: true))
    let ids = try Crowd.run(12) { _ in try CreationScene(dsn: dsn).make(body).id.rawValue }
    XCTAssertEqual(Set(ids.compactMap(\.self)).count, 1)
    XCTAssertEqual(ids.compactMap(\.self).count, 12)
  }

  /// Ten thousand links with other destinations aren't read.
  func testALinkIsFoundByTheIndexOfDestinations() throws {
    let database = try ScratchPostgres()
    let scene = try CreationScene(database)
    _ = try scene.texts(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
        SELECT number, 'many' || number, 'http://e.org/' || number
        FROM generate_series(10, 20000) AS number RETURNING ''
      """)
    try database.admin().executeScript(
      unsafe: "ANALYZE short_urls", "analyze", timeoutMilliseconds: 60_000)
    func scans() throws -> String {
      try scene.texts(
        """
        SELECT seq_scan || ' ' || (SELECT idx_scan FROM pg_stat_user_indexes
          WHERE indexrelname = 'short_urls_by_destination')
        FROM pg_stat_user_tables WHERE relname = 'short_urls'
        """)[0]
    }
    let before = try scans().split(separator: " ").compactMap { Int($0) }
    let made = try scene.make(#"{"longUrl":"http://e.org/777","findIfExists":true}"#)
    XCTAssertEqual(made.shortCode, "many777")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let after = try scans().split(separator: " ").compactMap { Int($0) }
        return after[0] == before[0] && after[1] == before[1] + 1
      })
  }
}
