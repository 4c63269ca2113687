import Access
import EngineSupport
import Hashing
import Postgres
import Service
import Sessions
import XCTest

@testable import APIServing

/// Sessions as a worker finds them in PostgreSQL.
final class SessionStoreTests: XCTestCase {
  private var database: ScratchPostgres!
  private var admin: Postgres.Connection!
  private var store: KeyStore!
  private let (secret, value) = (KeySecret.random(), Token.random())

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    admin = try database.admin()
    store = KeyStore(try database.session(), try database.settings())
    try run(
      """
      INSERT INTO api_keys (name, hash, prefix, scopes, rate_limit)
      VALUES ('k', \(bytes: secret.hash.bytes), 'p', '{read-only}', 60)
      """)
    try run(
      """
      INSERT INTO sessions (key, hash, ends_at, expires_at, idle_seconds)
      SELECT id, \(bytes: value.hash.bytes), clock_timestamp() + interval '1 hour',
        clock_timestamp() + interval '1 day', 7200 FROM api_keys
      """)
  }

  private func run(_ statement: SQL) throws {
    _ = try admin.executeOnce(statement, "test", timeoutMilliseconds: 20_000)
  }

  private func number(_ expression: SQL) throws -> Int64 {
    try admin.executeOnce(
      "SELECT (\(expression))::bigint FROM sessions, api_keys", "test", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  func testASessionIsFoundByItsHashWithItsKey() throws {
    let key = try XCTUnwrap(try store.find(session: value.hash))
    XCTAssertEqual(key.rights, KeyRights(scopes: [.readOnly], rateLimit: 60))
    XCTAssertEqual(key.hash, secret.hash)
    let session = try XCTUnwrap(key.session)
    XCTAssertEqual(session.id, try number("sessions.id"))
    XCTAssertGreaterThan(session.endsAt, SystemClock.milliseconds())
    let itself = try XCTUnwrap(try store.find(secret.hash))
    XCTAssertEqual(itself.id, key.id)
    XCTAssertEqual(itself.hash, secret.hash)
    XCTAssertNil(itself.session)
    XCTAssertNil(try store.find(session: secret.hash))
    XCTAssertNil(try store.find(value.hash))
  }

  func testAnEndedSessionAndThatOfAKeyThatDoesNotWorkAreNotFound() throws {
    for (statement, isThere) in [
      ("UPDATE api_keys SET disabled_at = clock_timestamp()", false),
      ("UPDATE api_keys SET disabled_at = NULL, expires_at = clock_timestamp()", false),
      ("UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 day'", true),
      ("UPDATE sessions SET ends_at = clock_timestamp()", false),
    ] as [(SQL, Bool)] {
      try run(statement)
      XCTAssertEqual(try store.find(session: value.hash) != nil, isThere, statement.text)
    }
  }

  func testAUseMovesTheEndOnceAMinuteAndNeverBeyondTheLast() throws {
    let end: SQL = "extract(epoch FROM sessions.ends_at - clock_timestamp()) / 600"
    _ = try store.find(session: value.hash)
    store.noteUses()
    XCTAssertEqual(try number(end), 6, "it was seen in this minute")
    try run("UPDATE sessions SET last_seen_at = last_seen_at - interval '2 minutes'")
    func use() throws {
      let other = KeyStore(try database.session(), try database.settings())
      _ = try other.find(session: value.hash)
      other.noteUses()
    }
    try use()
    XCTAssertEqual(try number(end), 12)
    XCTAssertEqual(
      try number("count(*) FILTER (WHERE api_keys.last_used_at IS NOT NULL)"), 1,
      "its key was used")
    try run(
      """
      UPDATE sessions SET last_seen_at = last_seen_at - interval '2 minutes',
        expires_at = clock_timestamp() + interval '70 minutes'
      """)
    try use()
    XCTAssertEqual(try number(end), 7)
    try run("UPDATE sessions SET ends_at = clock_timestamp(), last_seen_at = '2026-01-01'")
    try use()
    XCTAssertNil(try store.find(session: value.hash), "what has ended stays so")
  }
}
