import Access
import EngineSupport
import HTTPTypes
import Hashing
import Postgres
import Service
import Sessions
import Web
import XCTest

@testable import APIServing

/// Keys as a worker finds them in PostgreSQL.
final class KeyStoreTests: XCTestCase {
  private var database: ScratchPostgres!
  private var admin: Postgres.Connection!
  private var store: KeyStore!
  private let secret = KeySecret.random()

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    admin = try database.admin()
    store = KeyStore(try database.session(), try database.settings())
    try run(
      """
      INSERT INTO api_keys (name, hash, prefix, authored_only, domain, no_orphan_visits, scopes, rate_limit)
      VALUES ('k', \(bytes: secret.hash.bytes), 'p', true, 's.test', true, '{read-only,admin}', 60)
      """)
  }

  private func run(_ statement: SQL) throws {
    _ = try admin.executeOnce(statement, "test", timeoutMilliseconds: 20_000)
  }

  private func lastUse() throws -> Int64? {
    try admin.executeOnce(
      "SELECT last_used_at FROM api_keys", "test", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.optionalMilliseconds() }
  }

  func testAKeyIsFoundByItsHashWithItsRights() throws {
    let key = try XCTUnwrap(try store.find(secret.hash))
    XCTAssertEqual(
      key.rights,
      KeyRights(
        isAuthoredOnly: true, domain: "s.test", hasNoOrphanVisits: true,
        scopes: [.readOnly, .admin], rateLimit: 60))
    XCTAssertEqual(key.tenant, 0)
    XCTAssertNil(try store.find(KeySecret.random().hash))
  }

  func testADisabledAndAnExpiredKeyAreNotFound() throws {
    try run("UPDATE api_keys SET disabled_at = clock_timestamp()")
    XCTAssertNil(try store.find(secret.hash))
    try run("UPDATE api_keys SET disabled_at = NULL, expires_at = clock_timestamp()")
    XCTAssertNil(try store.find(secret.hash))
    try run("UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 day'")
    XCTAssertNotNil(try store.find(secret.hash))
  }

  func testAKeyWithAnUnknownScopeIsNone() throws {
    try run("UPDATE api_keys SET scopes = '{write-nothing}'")
    XCTAssertNil(try store.find(secret.hash))
    try run("UPDATE api_keys SET scopes = '{read-only,write-nothing}'")
    XCTAssertNil(try store.find(secret.hash))
  }

  func testTheUseOfAKeyIsNotedOnceAMinute() throws {
    store.noteUses()
    XCTAssertNil(try lastUse())
    _ = try store.find(secret.hash)
    store.noteUses()
    let noted = try XCTUnwrap(try lastUse())
    _ = try store.find(secret.hash)
    store.noteUses()
    // Another worker, which has noted nothing yet.
    let other = KeyStore(try database.session(), try database.settings())
    _ = try other.find(secret.hash)
    other.noteUses()
    XCTAssertEqual(try lastUse(), noted)
    try run("UPDATE api_keys SET last_used_at = last_used_at - interval '2 minutes'")
    let third = KeyStore(try database.session(), try database.settings())
    _ = try third.find(secret.hash)
    third.noteUses()
    XCTAssertGreaterThanOrEqual(try XCTUnwrap(try lastUse()), noted)
  }

  func testTheNoteOfAUseWaitsForNobody() throws {
    _ = try store.find(secret.hash)
    try admin.transaction("hold", timeoutMilliseconds: 60_000) { () throws(PostgresError) in
      _ = try admin.executeOnce(
        "SELECT id FROM api_keys FOR UPDATE", "hold", timeoutMilliseconds: 60_000)
      store.noteUses()
    }
    XCTAssertNil(try lastUse())
  }

  func testWithoutPostgreSQLNoKeyIsGood() throws {
    let settings = try ScratchPostgres.settings("postgresql://127.0.0.1:1/nothing")
    let session = PostgresSession(settings, as: .api, program: "test", log: .quiet)
    let authenticator = KeyStore(session, settings)
    XCTAssertThrowsError(try authenticator.find(secret.hash)) { error in
      guard case AccessFailure.unavailable? = error as? AccessFailure else {
        return XCTFail("\(error)")
      }
      XCTAssertEqual((error as? AccessFailure)?.problem.status.code, 503)
    }
  }
}
