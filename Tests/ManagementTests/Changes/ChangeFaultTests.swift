import API
import EngineSupport
import Foundation
import Links
import Management
import Migrations
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

/// A change whose answer is lost, or whose server dies: link and outbox say the same afterwards.
final class ChangeFaultTests: XCTestCase {
  private let link = Link(
    id: SnowflakeID(rawValue: 1), destination: DestinationURL(unchecked: "http://e.org/"))
  private let elsewhere = DestinationURL(unchecked: "https://elsewhere.example/")

  /// Makes an insertion into the outbox wait for advisory lock 4711, the first of them or each.
  private func plantLingering(
    _ admin: Postgres.Connection, at insertions: String, isAtCommit: Bool = false
  ) throws {
    let kind = isAtCommit ? "CONSTRAINT TRIGGER" : "TRIGGER"
    let moment = isAtCommit ? "DEFERRABLE INITIALLY DEFERRED" : ""
    try admin.executeScript(
      unsafe: """
        CREATE SEQUENCE rows_seen;
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('rows_seen') \(insertions) THEN PERFORM pg_advisory_xact_lock(4711); END IF;
          RETURN NEW;
        END $$;
        CREATE \(kind) linger AFTER INSERT ON outbox \(moment)
          FOR EACH ROW EXECUTE FUNCTION linger();
        """, "plant", timeoutMilliseconds: 20_000)
  }

  /// The state of the link, and how many rows the outbox has.
  private func stored(_ admin: Postgres.Connection) throws -> String {
    try admin.executeOnce(
      """
      SELECT concat(original_url, ' ', disabled_at IS NOT NULL, ' ', (SELECT count(*) FROM outbox))
      FROM short_urls
      """, "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.text() }
  }

  func testAChangeWhoseAnswerIsLostIsMadeAndAnswered() throws {
    let postgres = try ProxiedPostgres()
    let store = StoredLinks(postgres.session(), postgres.settings)
    XCTAssertEqual(try store.insert(link), .inserted)
    // The statement is prepared by then.
    _ = try store.edit(link.key) { $0.longURL = .set(link.destination) }

    let before = postgres.proxy.harm
    postgres.loseAnswer()
    let changed = try store.edit(link.key) { $0.longURL = .set(elsewhere) }
    XCTAssertGreaterThan(postgres.proxy.harm, before)
    XCTAssertEqual(changed?.longURL, elsewhere.description)
    XCTAssertEqual(try store.find(link.key)?.destination, elsewhere)
  }

  /// The connection breaks while the server has changed the rows and hasn't committed yet.
  func testAChangeThatIsStillUnderWayIsWaitedForAndMadeAgain() throws {
    let postgres = try ProxiedPostgres()
    let store = StoredLinks(postgres.session(), postgres.settings)
    XCTAssertEqual(try store.insert(link), .inserted)
    let admin = try postgres.database.admin()
    try plantLingering(admin, at: "= 1")
    let changed = try AdvisoryLock.losingAttempt(on: postgres) { try store.disable(link.key) }
    XCTAssertEqual(changed?.isEnabled, false)
    XCTAssertEqual(try stored(admin), "http://e.org/ t 1", "made once")
  }

  func testAServerThatIsKilledAmidAChangeHasNeitherTheChangeNorItsRow() throws {
    let postgres = try PrivatePostgres()
    let settings = try migrated(postgres)
    let store = StoredLinks(session(settings), settings)
    XCTAssertEqual(try store.insert(link), .inserted)
    try plantLingering(try admin(settings), at: "= 1")
    let failure = try disabling(postgres, store)
    guard case .unavailable(let error) = failure else { return XCTFail("\(failure)") }
    XCTAssertTrue(error.isRetriable, error.debugDescription)

    try postgres.start()
    XCTAssertEqual(try stored(try admin(settings)), "http://e.org/ f 0")
    let again = StoredLinks(session(settings), settings)
    XCTAssertEqual(try again.disable(link.key)?.isEnabled, false)
    XCTAssertEqual(try stored(try admin(settings)), "http://e.org/ t 1")

    postgres.kill()
    try postgres.start()
    XCTAssertEqual(
      try stored(try admin(settings)), "http://e.org/ t 1", "what was answered is durable")
  }

  func testAServerThatIsKilledAtTheCommitLeavesADoubtAndNoHalfOfAChange() throws {
    let postgres = try PrivatePostgres()
    let settings = try migrated(postgres)
    let store = StoredLinks(session(settings), settings)
    XCTAssertEqual(try store.insert(link), .inserted)
    try plantLingering(try admin(settings), at: "= 1", isAtCommit: true)
    let failure = try disabling(postgres, store)
    guard case .inDoubt(let error) = failure else { return XCTFail("\(failure)") }
    XCTAssertTrue(error.isRetriable, error.debugDescription)

    try postgres.start()
    XCTAssertEqual(try stored(try admin(settings)), "http://e.org/ f 0")
    let again = StoredLinks(session(settings), settings)
    XCTAssertEqual(try again.disable(link.key)?.isEnabled, false)
    XCTAssertEqual(try stored(try admin(settings)), "http://e.org/ t 1")
  }

  func testWithoutTheOutboxNoLinkChanges() throws {
    let links = try ChangedLinks(inserting: [link])
    let admin = try links.database.admin()
    try admin.executeScript(
      unsafe: "ALTER TABLE outbox ADD CHECK (false)", "refuse", timeoutMilliseconds: 20_000)
    let failure = try assertThrows(ManagementFailure.self) {
      _ = try links.store.delete(link.key)
    }
    guard case .unavailable(let error) = failure else { return XCTFail("\(failure)") }
    XCTAssertEqual(error.kind, .rejected)
    XCTAssertEqual(try links.store.find(link.key), link)
  }

  /// Disables the link while the server is killed where an insertion lingers.
  ///
  /// - Returns: The failure of the change, which must fail.
  private func disabling(
    _ postgres: PrivatePostgres, _ store: StoredLinks
  ) throws -> ManagementFailure {
    nonisolated(unsafe) let server = postgres
    return try AdvisoryLock.held(
      on: postgres.dsn("links"), untilWaitedFor: { _ in server.kill() },
      running: { try assertThrows(ManagementFailure.self) { _ = try store.disable(link.key) } })
  }

  private func migrated(_ postgres: PrivatePostgres) throws -> Settings {
    let settings = try Settings(
      Variables(["PG_DSN": postgres.dsn("links"), "PG_WRITE_TIMEOUT_MS": "40000"]))
    try Migrator(
      postgres: PostgresMigrations(settings), others: [], directory: ScratchPostgres.migrations
    ).migrate { _ in }
    return settings
  }

  private func session(_ settings: Settings) -> PostgresSession {
    PostgresSession(
      settings, as: .owner, program: "test", timeoutMilliseconds: 40_000, log: .quiet)
  }

  private func admin(_ settings: Settings) throws -> Postgres.Connection {
    try Postgres.Connection(
      ConnectionOptions(
        dsn: settings.postgresDSN(of: .owner), applicationName: "test-admin",
        statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0), timeoutMilliseconds: 20_000)
  }
}
