import EngineSupport
import Foundation
import Links
import Management
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

/// Links that are stored by one commit: each of them exists once, whatever becomes of the commit.
final class SharedCommitTests: XCTestCase {
  private func link(_ number: Int64, code: String? = nil) throws -> Link {
    let id = SnowflakeID(rawValue: number)
    return Link(
      id: id, key: LinkKey(try XCTUnwrap(code.map { Slug($0) } ?? Slug(id))),
      destination: DestinationURL(unchecked: "http://e.org/\(number)"),
      createdAt: 1_700_000_000_123)
  }

  /// Ids with numbers of PostgreSQL's, so that no Redis is needed.
  private func ids(_ database: ScratchPostgres) throws -> IDSource {
    let settings = try database.settings(["REDIS_URL": "unix:///nowhere"])
    return IDSource(
      redis: try RedisSession(settings, log: .quiet), postgres: try database.session(), settings,
      log: .quiet)
  }

  private func destinations(_ count: Int) -> [DestinationURL] {
    (0..<count).map { DestinationURL(unchecked: "http://e.org/together/\($0)") }
  }

  private func stored(_ database: ScratchPostgres) throws -> Int64 {
    try database.admin().executeOnce(
      "SELECT count(*) FROM short_urls", "count", timeoutMilliseconds: 5000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  func testLinksStoredTogetherAreFoundAsTheyWereInserted() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let links = try (1...20).map { try link($0) }
    XCTAssertEqual(try store.insert(links), .inserted)
    for link in links { XCTAssertEqual(try store.find(link.key), link) }
  }

  func testATakenIDAmongThemLeavesNoneStored() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    XCTAssertEqual(try store.insert(link(2, code: "other")), .inserted)
    XCTAssertEqual(
      try store.insert([link(1), link(2), link(3)]), .refused(isSettling: false))
    XCTAssertEqual(try stored(database), 1)
  }

  /// Caches may remember its name as gone, and nobody tells them of a new link.
  func testARandomCodeOfADeletedLinkIsTakenAndALostInsertionIsFoundAlsoIfDeleted() throws {
    let database = try ScratchPostgres()
    let store = StoredLinks(try database.session(), try database.settings())
    let gone = try link(2, code: "gone")
    XCTAssertEqual(try store.insert(gone), .inserted)
    XCTAssertNotNil(try store.delete(gone.key))
    XCTAssertEqual(try store.insert(link(3, code: "gone")), .collision)
    XCTAssertEqual(
      try store.insert([link(4, code: "new"), link(3, code: "gone")]), .refused(isSettling: false))
    XCTAssertEqual(try stored(database), 1)
    XCTAssertEqual(try store.insert(gone, isSettling: true), .inserted)
    XCTAssertEqual(try store.insert([link(4, code: "new"), link(3)]), .inserted)
  }

  /// A trigger finds the third row taken, and once more when it comes by itself.
  func testATakenIDCostsItsOwnLinkAnotherIDAndTheOthersNothing() throws {
    let database = try ScratchPostgres()
    try database.admin().executeScript(
      unsafe: """
        CREATE SEQUENCE rows_seen;
        CREATE FUNCTION take_ids() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('rows_seen') IN (3, 6) THEN RAISE unique_violation; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER take_ids BEFORE INSERT ON short_urls FOR EACH ROW EXECUTE FUNCTION take_ids();
        """, "plant", timeoutMilliseconds: 5000)
    let store = StoredLinks(try database.session(), try database.settings())
    let destinations = destinations(5)
    let links = try store.create(destinations, ids: ids(database)).map { try $0.get() }
    XCTAssertEqual(links.map(\.destination), destinations)
    XCTAssertEqual(Set(links.map(\.id)).count, 5)
    XCTAssertEqual(links.map(\.id.rawValue).max(), links[2].id.rawValue)
    for link in links { XCTAssertEqual(try store.find(link.key), link) }
    XCTAssertEqual(try stored(database), 5)
  }

  func testACommitWhoseAnswerIsLostIsSettledAndNoLinkIsStoredTwice() throws {
    let postgres = try ProxiedPostgres()
    let (database, proxy) = (postgres.database, postgres.proxy)
    let store = StoredLinks(postgres.session(), postgres.settings)
    let ids = try ids(database)
    // The statement is prepared by then.
    XCTAssertEqual(try store.create(destinations(3), ids: ids).count, 3)

    let before = proxy.harm
    postgres.loseAnswer()
    let destinations = destinations(4)
    let links = try store.create(destinations, ids: ids).map { try $0.get() }
    XCTAssertGreaterThan(proxy.harm, before)
    XCTAssertEqual(links.map(\.destination), destinations)
    for link in links { XCTAssertEqual(try store.find(link.key), link) }
    XCTAssertEqual(try stored(database), 7)
  }

  /// The connection breaks while the server has the row and hasn't committed it yet.
  func testALinkWhoseLostCommitIsStillUnderWayIsWaitedForAndStoredOnce() throws {
    let postgres = try ProxiedPostgres()
    let database = postgres.database
    let store = StoredLinks(postgres.session(), postgres.settings)
    try database.admin().executeScript(
      unsafe: """
        CREATE SEQUENCE rows_seen;
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('rows_seen') = 2 THEN PERFORM pg_advisory_xact_lock(4711); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER linger AFTER INSERT ON short_urls FOR EACH ROW EXECUTE FUNCTION linger();
        """, "plant", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try store.insert(link(1)), .inserted)
    let inserted = try AdvisoryLock.losingAttempt(on: postgres) { try store.insert(link(2)) }
    XCTAssertEqual(inserted, .inserted)
    XCTAssertEqual(try store.find(link(2).key), try link(2))
    XCTAssertEqual(try stored(database), 2)
  }

  func testWithoutPostgreSQLEachIsRefusedWithATimeToComeAgain() throws {
    let database = try ScratchPostgres()
    let silent = try SilentServer(name: ".s.PGSQL.5432")
    let frozen = ["PG_DSN": "postgresql:///x?host=\(silent.directory)&user=x"]
    let store = StoredLinks(try database.session(frozen), try database.settings(frozen))
    for created in try store.create(destinations(3), ids: try ids(database)) {
      guard case .failure(let error) = created else { return XCTFail("stored where?") }
      XCTAssertTrue(error.isRetriable)
    }
  }
}
