import EngineSupport
import Glibc
import Links
import Lookup
import Management
import Postgres
import Sessions
import TestSupport
import XCTest

final class LinkStoreTests: XCTestCase {
  private func link(_ number: Int64, code: String? = nil, url: String = "http://e.org/") throws
    -> Link
  {
    let id = SnowflakeID(rawValue: number)
    return Link(
      id: id, key: LinkKey(try XCTUnwrap(code.map { Slug($0) } ?? Slug(id))),
      destination: DestinationURL(unchecked: url), createdAt: 1_700_000_000_123)
  }

  func testALinkIsFoundAsItWasInserted() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let url = "http://e.org/" + String(repeating: "%2f'\\", count: 1600)
    let link = try link(4711, url: url)
    XCTAssertEqual(try store.insert(link), .inserted)
    XCTAssertEqual(try store.find(link.key), link)
    XCTAssertNil(try store.find(LinkKey(XCTUnwrap(Slug("nothing")))))
  }

  func testTheLongestSlugIsStoredAndFound() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let slugs = [String(repeating: "-", count: 254) + "9", "a.b_c~d-", "A.B_C~D-"]
    for (number, slug) in slugs.enumerated() {
      let link = try link(Int64(number + 1), code: slug)
      XCTAssertEqual(try store.insert(link), .inserted)
      XCTAssertEqual(try store.find(link.key), link)
    }
  }

  func testALinkWithAReservedSlugIsNotStoredAloneOrAmongOthers() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    for slug in ["stats", "robots.txt", ".well-known"] {
      XCTAssertEqual(try store.insert(link(1, code: slug)), .collision)
      XCTAssertEqual(
        try store.insert([link(1), link(2, code: slug)]), .refused(isSettling: false))
      XCTAssertNil(try store.find(link(1).key))
    }
  }

  func testAnotherDomainHasNoLinkOfTheDefaultOnes() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let link = try link(1)
    XCTAssertEqual(try store.insert(link), .inserted)
    XCTAssertNil(try store.find(LinkKey(link.slug, domain: "other.example")))
  }

  func testALinkIsFoundWithItsTermsAndInItsDomainAlone() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let (plain, domain) = (try link(1, code: "sale"), "other.example")
    let rules = #"[{"u":"http://e.org/ios","c":[["device",null,"ios"]]}]"#
    XCTAssertEqual(try store.insert(plain), .inserted)
    try database.admin().executeScript(
      unsafe: """
        INSERT INTO domains (number, authority) VALUES (16, '\(domain)');
        INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, domain, valid_since,
          valid_until, max_visits, crawlable, forward_query, rules, revision)
        VALUES (2, 'sale', 'http://e.org/2', 'epoch', '\(domain)', 'epoch', '1970-01-02Z', 3, true, true,
          '\(rules)', 4)
        """, "insert", timeoutMilliseconds: 10_000)
    let key = LinkKey(plain.slug, domain: domain)
    XCTAssertEqual(
      try store.find(key),
      Link(
        id: SnowflakeID(rawValue: 2), key: key, domain: 16,
        destination: DestinationURL(unchecked: "http://e.org/2"), createdAt: 0,
        terms: LinkTerms(
          revision: 4, forwardsQuery: true, isCrawlable: true, validSince: 0,
          validUntil: 86_400_000, isLimited: true, rules: RedirectRules(stored: rules))))
    XCTAssertEqual(try store.find(plain.key), plain)
    XCTAssertNil(try store.find(LinkKey(plain.slug, domain: "third.example")))
  }

  func testOfANameThatWasGivenAgainTheLinkThatIsThereIsFound() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let key = try link(1, code: "sale").key
    let admin = try database.admin()
    func add(_ id: Int, deletedAt: String) throws {
      try admin.executeScript(
        unsafe: """
          INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, deleted_at)
          VALUES (\(id), 'sale', 'http://e.org/', 'epoch', \(deletedAt))
          """, "insert", timeoutMilliseconds: 10_000)
    }
    try add(1, deletedAt: "'2026-01-02Z'")
    try add(2, deletedAt: "'2026-01-01Z'")
    XCTAssertEqual(try store.find(key)?.id.rawValue, 1)
    XCTAssertEqual(try store.find(key)?.state, .deleted)
    try add(3, deletedAt: "NULL")
    XCTAssertEqual(try store.find(key)?.id.rawValue, 3)
    XCTAssertEqual(try store.find(key)?.state, .enabled)
  }

  func testARowWhoseURLCannotBeALocationIsNoLink() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let urls = [
      "", "x", "/path", "data:text/html,x", "http://e.org/a\u{1}", "http://e.org/\u{FC} b",
    ]
    for (number, url) in urls.enumerated() {
      let link = try link(Int64(number + 1), url: url)
      XCTAssertEqual(try store.insert(link), .inserted)
      XCTAssertNil(try store.find(link.key), url)
    }
  }

  func testCodesThatDifferInCaseAreDifferentLinks() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    XCTAssertEqual(try store.insert(link(1, code: "abc")), .inserted)
    XCTAssertEqual(try store.insert(link(2, code: "ABC")), .inserted)
    XCTAssertEqual(try store.find(LinkKey(XCTUnwrap(Slug("ABC"))))?.id.rawValue, 2)
  }

  func testATakenIDAndATakenCodeAreCollisionsAndHarmNothing() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let first = try link(1, code: "abc")
    XCTAssertEqual(try store.insert(first), .inserted)
    XCTAssertEqual(try store.insert(link(1, code: "other")), .collision)
    XCTAssertEqual(try store.insert(link(2, code: "abc", url: "http://evil.example/")), .collision)
    XCTAssertEqual(try store.find(first.key), first)
  }

  func testSessionsThatTheServerEndedAreReplacedWithinTheCall() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let link = try link(1)
    XCTAssertEqual(try store.insert(link), .inserted)
    try database.terminateSessions()
    XCTAssertEqual(try store.find(link.key), link)
    try database.terminateSessions()
    XCTAssertEqual(try store.insert(self.link(2)), .inserted)
  }

  func testALookUpAndAnInsertionAreOneRoundTripEach() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    // The first of each prepares its statement.
    XCTAssertEqual(try store.insert(link(1)), .inserted)
    XCTAssertNotNil(try store.find(link(1).key))
    let trace = try CallTrace(getpid(), "sendto")
    for number: Int64 in 2...11 {
      XCTAssertEqual(try store.insert(link(number)), .inserted)
      XCTAssertNotNil(try store.find(link(number).key))
    }
    let calls = trace.end().filter { $0.contains("sendto(") }
    XCTAssertEqual(calls.count, 20, calls.joined(separator: "\n"))
  }

  func testAnOldConnectionIsReplaced() throws {
    let database = try ScratchPostgres()
    let settings = ["PG_CONNECTION_MAX_AGE": "1"]
    let store = StoredLinks(try database.session(settings), try database.settings(settings))
    try store.ping()
    let started: SQL =
      "SELECT backend_start FROM pg_stat_activity WHERE application_name = 'swiftlet-test'"
    let admin = try database.admin()
    func start() throws -> Int64? {
      try admin.executeOnce(
        "\(started) AND datname = \(database.name)", "look", timeoutMilliseconds: 10_000
      ).first { row throws(PostgresError) in try row.milliseconds() }
    }
    let before = try start()
    usleep(1_100_000)
    try store.ping()
    XCTAssertTrue(try eventually(seconds: 2) { try start() != before })
  }

  func testAServerThatIsNotThereIsHardlyAskedAfterTheFirstTry() throws {
    let database = try ScratchPostgres()
    let engine = try AbsentEngine(name: ".s.PGSQL.5432")
    let nowhere = ["PG_DSN": "postgresql:///x?host=\(engine.directory)&user=x"]
    let store = StoredLinks(try database.session(nowhere), try database.settings(nowhere))
    let error = try assertThrows(StoreError.self) { try store.ping() }
    XCTAssertEqual(error.kind, .unavailable)
    XCTAssertEqual(error.retryAfter, 1)
    XCTAssertTrue(error.isRetriable)
    for _ in 0..<200 { XCTAssertNil(try? store.ping()) }
    let (tries, most) = engine.tries(pausing: 100)
    XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
  }

  func testAFrozenServerIsWaitedForOnceAndThenNobodyWaits() throws {
    let database = try ScratchPostgres()
    let silent = try SilentServer(name: ".s.PGSQL.5432")
    let frozen = ["PG_DSN": "postgresql:///x?host=\(silent.directory)&user=x"]
    let store = StoredLinks(try database.session(frozen), try database.settings(frozen))
    let first = try assertThrows(StoreError.self) { try store.ping() }
    XCTAssertEqual(first.kind, .timeout)
    for _ in 0..<20 {
      let error = try assertThrows(StoreError.self) { try store.ping() }
      XCTAssertTrue(error.detail.hasPrefix("not asked"), error.debugDescription)
    }
  }

  func testALookUpBehindALockTimesOutAndTheNextOneWorks() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let link = try link(1)
    XCTAssertEqual(try store.insert(link), .inserted)
    let admin = try database.admin()
    try admin.executeScript(
      unsafe: "BEGIN; LOCK TABLE short_urls", "lock", timeoutMilliseconds: 10_000)
    let error = try assertThrows(StoreError.self) { _ = try store.find(link.key) }
    XCTAssertEqual(error.kind, .timeout)
    try admin.executeScript(unsafe: "ROLLBACK", "unlock", timeoutMilliseconds: 10_000)
    XCTAssertTrue(eventually(seconds: 3) { (try? store.find(link.key)) == link })
  }

  func testAReadOnlyServerIsUnavailableNotBroken() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    _ = try database.admin("postgres").executeOnce(
      "ALTER DATABASE \(identifier: database.name) SET default_transaction_read_only = on", "alter",
      timeoutMilliseconds: 10_000)
    let error = try assertThrows(StoreError.self) { _ = try store.insert(self.link(1)) }
    XCTAssertEqual(error.kind, .unavailable)
    XCTAssertFalse(error.description.contains("read-only"), "the engine's words are for the log")
  }

  func testTheIndexServesALookUp() throws {
    let database = try ScratchPostgres()
    let admin = try database.admin()
    try admin.executeScript(
      unsafe: "SET enable_seqscan = off", "set", timeoutMilliseconds: 10_000)
    let rows = try admin.executeOnce(
      "EXPLAIN \(LinkStore.row(of: LinkKey(XCTUnwrap(Slug("abc")))))", "explain",
      timeoutMilliseconds: 10_000)
    let plan = try rows.map { row throws(PostgresError) in try row.text() }
    XCTAssertTrue(
      plan.contains { $0.contains("Index Scan Backward using short_urls_by_name") }, "\(plan)")
    XCTAssertFalse(plan.contains { $0.contains("Sort") }, "\(plan)")
  }
}
