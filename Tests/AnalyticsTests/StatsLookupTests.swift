import ClickHouse
import EngineSupport
import Links
import Lookup
import Management
import Postgres
import Sessions
import TestSupport
import Visits
import XCTest

@testable import Analytics

/// Which clicks a name's statistics are of: by PostgreSQL, and without it.
final class StatsLookupTests: XCTestCase {
  private let made = SnowflakeID(rawValue: 384_036_974_793_916_416)
  private let other = SnowflakeID(rawValue: 384_036_974_797_000_000)

  /// One database of links, and one of counts.
  private struct Stores {
    let bench: Workbench
    let database: ScratchPostgres
    let lookup: StatsLookup

    /// Both are empty; `directory` is that of another socket to reach the database of links by.
    init(_ bench: Workbench, through directory: String? = nil) throws {
      self.bench = bench
      let database = try ScratchPostgres()
      self.database = database
      let others = directory.map { ["PG_DSN": "\(database.dsn)&host=\($0)"] } ?? [:]
      lookup = StatsLookup(
        stats: try StatsStore(bench.settings()),
        links: LinkStore(try database.session(others), try database.settings(others)))
    }

    func insert(_ slug: Slug, _ id: SnowflakeID) throws {
      let link = Link(
        id: id, key: LinkKey(slug), destination: DestinationURL(unchecked: "http://e.org/"),
        createdAt: 1_700_000_000_000)
      _ = try StoredLinks(try database.session(), try database.settings()).insert(link)
    }

    /// Makes a link of a name that was wanted: one that a deleted link had, too.
    func give(_ name: String, to id: SnowflakeID) throws {
      _ = try database.admin().executeOnce(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        VALUES (\(id.rawValue), \(name), 'http://e.org/')
        """, "insert", timeoutMilliseconds: 60_000)
    }

    /// Counts clicks, each of an address of its own.
    func count(_ scope: Scope, _ clicks: Int) throws {
      try bench.count(
        scope,
        """
        SELECT 1763841000 AS second, toString(number) AS address, '' AS referrer
        FROM numbers(\(clicks))
        """, host: "''")
    }

    /// The slug that is answered, and its clicks; nil when no slug is a link's.
    func clicks(_ text: String) throws(StoreError) -> String? {
      let stats = try lookup.stats(of: Slug.readings(pasted: text))
      return stats.map { "\($0.slug) \($0.totalClicks)" }
    }
  }

  private func slug(_ text: String) throws -> Slug { try XCTUnwrap(Slug(text)) }

  func testClicksWithoutAnIDAreOfTheLinkThatHasTheirName() throws {
    let stores = try Stores(Workbench())
    let (name, code) = (try slug("promo"), Slug(made))
    try stores.insert(name, other)
    try stores.insert(code, made)
    try stores.count(Scope(link: other, name: name.description.utf8), 3)
    try stores.count(Scope(name: name.description.utf8), 4)
    try stores.count(Scope(link: made, name: []), 5)
    XCTAssertEqual(try stores.clicks("promo"), "promo 7")
    XCTAssertEqual(try stores.clicks("promo."), "promo 7")
    XCTAssertEqual(try stores.clicks("\(code)"), "\(code) 5")
  }

  func testClicksOfANameAreNotThoseOfALinkThatGotItLater() throws {
    let stores = try Stores(Workbench())
    let name = try slug("promo")
    let links = StoredLinks(try stores.database.session(), try stores.database.settings())
    try stores.insert(name, made)
    try stores.count(Scope(name: name.description.utf8), 4)
    try stores.count(Scope(link: made, name: []), 5)
    XCTAssertEqual(try stores.clicks("promo"), "promo 9")
    _ = try links.delete(LinkKey(name))
    try stores.give("promo", to: other)
    try stores.count(Scope(link: other, name: []), 3)
    XCTAssertEqual(try stores.clicks("promo"), "promo 3")
  }

  func testADisabledLinkIsAnsweredAndADeletedOneIsNone() throws {
    let stores = try Stores(Workbench())
    let (written, start) = (try slug("promo."), try slug("promo"))
    try stores.insert(written, other)
    try stores.insert(start, made)
    try stores.count(Scope(link: other, name: []), 3)
    let links = StoredLinks(try stores.database.session(), try stores.database.settings())
    _ = try links.disable(LinkKey(written))
    XCTAssertEqual(try stores.clicks("promo."), "promo. 3")
    _ = try links.delete(LinkKey(written))
    XCTAssertNil(try stores.clicks("promo."), "and no other link is shown in its place")
    XCTAssertEqual(try stores.clicks("promo"), "promo 0")
  }

  func testANameThatTellsAnIDIsNotCountedForAnotherLink() throws {
    let stores = try Stores(Workbench())
    // Made by hand: the name is the code of an id that is another one's.
    try stores.insert(Slug(made), other)
    try stores.count(Scope(link: other, name: []), 3)
    try stores.count(Scope(link: made, name: []), 100)
    XCTAssertEqual(try stores.clicks("\(Slug(made))"), "\(Slug(made)) 3")
  }

  func testALinkWhoseIDIsNoScopeIsCountedByItsName() throws {
    let stores = try Stores(Workbench())
    for (name, id) in [("tiny", 4711), ("negative", -1)] {
      try stores.insert(slug(name), SnowflakeID(rawValue: Int64(id)))
      try stores.count(Scope(name: name.utf8), 6)
      XCTAssertEqual(try stores.clicks(name), "\(name) 6")
    }
  }

  func testClicksOfANameThatIsNoLinkAreShownAndNoClicksAreNone() throws {
    let stores = try Stores(Workbench())
    let code = Slug(made)
    try stores.count(Scope(name: "gone".utf8), 2)
    try stores.count(Scope(link: made, name: []), 3)
    XCTAssertEqual(try stores.clicks("gone"), "gone 2")
    XCTAssertEqual(try stores.clicks("\(code)."), "\(code) 3")
    XCTAssertNil(try stores.clicks("nothing"))
    XCTAssertNil(try stores.clicks("\(Slug(other))"))
    try stores.insert(slug("new"), other)
    XCTAssertEqual(try stores.clicks("new"), "new 0")
    XCTAssertEqual(try stores.clicks("new~"), "new 0")
    // One that ends so is another name.
    try stores.insert(slug("gone."), SnowflakeID(rawValue: 1 << 60))
    XCTAssertEqual(try stores.clicks("gone."), "gone. 0")
  }

  func testWithoutPostgreSQLALinkMadeHereHasItsStatistics() throws {
    let directory = try ScratchDirectory("stats")
    let proxy = try FaultProxy(
      at: directory(".s.PGSQL.5432"),
      to: TestStack.value("SWIFTLET_RUN") + "/postgres/.s.PGSQL.5432")
    defer { proxy.stop() }
    let stores = try Stores(Workbench(), through: directory.path)
    let code = Slug(made)
    try stores.insert(code, made)
    try stores.insert(slug("promo"), other)
    try stores.count(Scope(link: made, name: []), 5)
    try stores.count(Scope(link: other, name: []), 7)
    try stores.count(Scope(name: "promo".utf8), 1)
    func isWhole() -> Bool { (try? stores.clicks("promo")) == "promo 8" }
    for mode in [FaultProxy.Mode.refuse, .swallow, .loseAnswers, .slow] {
      XCTAssertTrue(eventually(seconds: 30, isWhole))
      proxy.mode = mode
      proxy.cut()
      // The first one waits for PostgreSQL, the others don't.
      for _ in 0..<20 {
        XCTAssertEqual(try stores.clicks("\(code)"), "\(code) 5", "\(mode)")
        XCTAssertEqual(try stores.clicks("\(code)."), "\(code) 5", "\(mode)")
      }
      // Nobody can tell whether these are links, and which. A slow server may answer in time.
      let unclicked = Slug(SnowflakeID(rawValue: made.rawValue + 1))
      for name in ["promo", "promo.", "\(unclicked)", "nothing"] where mode != .slow {
        let error = try assertThrows(StoreError.self) { _ = try stores.clicks(name) }
        XCTAssertEqual(error.store, .postgres, name)
      }
      proxy.mode = .pass
      proxy.cut()
    }
    XCTAssertTrue(eventually(seconds: 30, isWhole))
  }

  func testWithoutClickHouseNothingIsTold() throws {
    let stores = try Stores(Workbench())
    let away = try stores.bench.settings(["CLICKHOUSE_URL": "http://127.0.0.1:1/x"])
    let lookup = StatsLookup(
      stats: try StatsStore(away),
      links: LinkStore(try stores.database.session(), try stores.database.settings()))
    try stores.insert(slug("promo"), other)
    for name in ["promo", "\(Slug(made))", "nothing"] {
      let error = try assertThrows(StoreError.self) { _ = try lookup.stats(of: [slug(name)]) }
      XCTAssertEqual(error.store, .clickHouse, name)
    }
  }
}
