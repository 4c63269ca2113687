import API
import Access
import Hashing
import Management
import Postgres
import Service
import XCTest

/// How sessions begin and end, and what is stored of them.
final class SessionTests: XCTestCase {
  private var scene: KeyScene!

  override func setUpWithError() throws { scene = try KeyScene() }

  /// A key's holder, as a worker knows them who has looked the key up.
  private func holder(_ name: String) throws -> (id: Int, caller: Caller) {
    let made = try scene.make(name)
    let key = Key(
      id: made.key.id, tenant: 0, rights: made.key.rights, hash: made.secret.hash)
    return (key.id, .key(key))
  }

  private func signIn(
    _ caller: Caller, _ session: NewSession = NewSession(), code: Token? = nil
  ) throws {
    _ = try SignIn().perform(
      SignIn.Input(session, code: code?.text), for: caller, in: scene.stores)
  }

  private func sessions(_ caller: Caller) throws -> [StoredSession] {
    try ListSessions().perform(NoInput(), for: caller, in: scene.stores).sessions
  }

  private func code(_ key: Int) throws -> Token {
    let code = Token.random()
    let end = try scene.stores.units.perform("make a code", for: .operator) {
      unit throws(TableError) in try unit.sessions.make(code, for: key)
    }
    XCTAssertNotNil(end)
    return code
  }

  private func failure(_ body: () throws -> Void) -> SessionFailure? {
    do {
      try body()
      return nil
    } catch ManagementFailure.session(let failure) {
      return failure
    } catch {
      XCTFail("\(error)")
      return nil
    }
  }

  private func text(_ statement: SQL) throws -> String { try scene.ask(statement) }

  func testOnlyHashesAreStoredOfValuesAndCodes() throws {
    let (id, caller) = try holder("k")
    let session = NewSession()
    try signIn(caller, session)
    let code = try code(id)
    let stored = try text(
      """
      SELECT concat((SELECT concat(s.*) FROM sessions AS s), (SELECT concat(c.*) FROM sign_in_codes AS c))
      """)
    XCTAssertFalse(stored.contains(session.value.text), stored)
    XCTAssertFalse(stored.contains(code.text), stored)
    XCTAssertEqual(
      try text("SELECT encode(hash, 'hex') FROM sessions"),
      session.value.hash.bytes.map { String(format: "%02x", $0) }.joined())
  }

  func testASessionEndsUnusedAfterTwelveHoursOrRememberedAfterThirtyDays() throws {
    let (_, caller) = try holder("k")
    try signIn(caller)
    try signIn(caller, NewSession(isRemembered: true))
    let rows = """
      SELECT string_agg(format('%s %s', ends_at - started_at, expires_at - started_at), ', ' ORDER BY id)
      FROM (SELECT id, date_trunc('minute', started_at + interval '30 s') AS started_at,
        date_trunc('minute', ends_at + interval '30 s') AS ends_at,
        date_trunc('minute', expires_at + interval '30 s') AS expires_at FROM sessions) AS rounded
      """ as SQL
    XCTAssertEqual(try text(rows), "12:00:00 30 days, 30 days 30 days")
    XCTAssertEqual(try sessions(caller).map(\.isRemembered), [true, false])
  }

  func testACodeIsGoodOnceAndForItsTime() throws {
    let (id, caller) = try holder("k")
    let used = try code(id)
    try signIn(.anyone, code: used)
    XCTAssertEqual(try sessions(caller).count, 1)
    let old = try code(id)
    _ = try text(
      "UPDATE sign_in_codes SET expires_at = clock_timestamp() RETURNING 'done'")
    for wrong in [used, old, Token.random()] {
      XCTAssertEqual(failure { try signIn(.anyone, code: wrong) }, .wrongCode)
    }
    XCTAssertEqual(failure { try signIn(.anyone) }, .noCredentials)
    XCTAssertEqual(try sessions(caller).count, 1)
  }

  func testAKeyThatIsDisabledRotatedOrDeletedHasNoSessionsAndNoCodesLeft() throws {
    let (_, other) = try holder("other")
    try signIn(other)
    let changes: [(Int) throws -> Void] = [
      { id in _ = try self.scene.edit(id) { $0.isEnabled = .set(false) } },
      { id in _ = try RotateKey().perform(id, for: .operator, in: self.scene.stores) },
      { id in _ = try DeleteKey().perform(id, for: .operator, in: self.scene.stores) },
    ]
    for (number, change) in changes.enumerated() {
      let (id, caller) = try holder("k\(number)")
      try signIn(caller)
      let code = try code(id)
      try change(id)
      XCTAssertEqual(
        try text(
          """
          SELECT concat((SELECT count(*) FROM sessions), ' ', (SELECT count(*) FROM sign_in_codes))
          """), "1 0")
      XCTAssertEqual(failure { try signIn(.anyone, code: code) }, .wrongCode)
      // A worker may remember the key for half a second.
      XCTAssertEqual(failure { try signIn(caller) }, .keyGone)
    }
    XCTAssertEqual(try sessions(other).count, 1)
  }

  func testAnExpiredKeyThatComesBackHasNoSessionsLeft() throws {
    let (id, caller) = try holder("k")
    try signIn(caller)
    _ = try text(
      "UPDATE api_keys SET expires_at = clock_timestamp() WHERE name = 'k' RETURNING 'done'")
    _ = try scene.edit(id) { $0.expiresAt = .set(SystemClock.milliseconds() + 60_000) }
    XCTAssertEqual(try text("SELECT count(*)::text FROM sessions"), "0")
  }

  func testADisabledKeyGetsNoCode() throws {
    let (id, _) = try holder("k")
    _ = try scene.edit(id) { $0.isEnabled = .set(false) }
    let end = try scene.stores.units.perform("make a code", for: .operator) {
      unit throws(TableError) in try unit.sessions.make(.random(), for: id)
    }
    XCTAssertNil(end)
  }

  func testBeyondTheLimitTheOldestSessionAndCodeGo() throws {
    let (id, caller) = try holder("k")
    for _ in 0..<(SessionLimits.count + 3) { try signIn(caller) }
    let there = try sessions(caller).map(\.id)
    XCTAssertEqual(there, (4...Int64(SessionLimits.count + 3)).reversed())
    let codes = try (0..<(SessionLimits.codeCount + 2)).map { _ in try code(id) }
    for old in codes.prefix(2) {
      XCTAssertEqual(failure { try signIn(.anyone, code: old) }, .wrongCode)
    }
    try signIn(.anyone, code: codes[2])
  }

  func testManyWhoSignInAtOnceStayWithinTheLimit() throws {
    let (_, caller) = try holder("k")
    for _ in 0..<SessionLimits.count { try signIn(caller) }
    let settings = scene.settings
    _ = try Crowd.run(8) { _ in
      let stores = try KeyScene.stores(settings)
      for _ in 0..<5 {
        _ = try SignIn().perform(SignIn.Input(NewSession()), for: caller, in: stores)
      }
    }
    XCTAssertEqual(
      try text("SELECT concat(count(*), ' ', max(id)) FROM sessions"),
      "\(SessionLimits.count) \(SessionLimits.count + 40)")
  }

  func testEndedSessionsOfAllKeysAreRemovedByANewOne() throws {
    let (_, first) = try holder("first")
    let (_, second) = try holder("second")
    try signIn(first)
    try signIn(first, NewSession(isRemembered: true))
    _ = try text(
      "UPDATE sessions SET ends_at = clock_timestamp() WHERE idle_seconds > 0 RETURNING 'done'")
    XCTAssertEqual(try sessions(first).count, 1)
    try signIn(second)
    XCTAssertEqual(try text("SELECT string_agg(id::text, ' ' ORDER BY id) FROM sessions"), "2 3")
  }

  func testACallerEndsTheSessionsOfTheirOwnKeyAlone() throws {
    let (_, first) = try holder("first")
    let (_, second) = try holder("second")
    try signIn(first)
    try signIn(first)
    try signIn(second)
    let ids = try sessions(first).map(\.id)
    XCTAssertEqual(
      failure { _ = try EndSession().perform(ids[0], for: second, in: scene.stores) }, .notFound)
    _ = try EndSession().perform(ids[0], for: first, in: scene.stores)
    XCTAssertEqual(try sessions(first).map(\.id), [ids[1]])
    _ = try SignOut().perform(true, for: first, in: scene.stores)
    XCTAssertEqual(try sessions(first), [])
    XCTAssertEqual(try sessions(second).count, 1)
    _ = try SignOut().perform(false, for: second, in: scene.stores)
    XCTAssertEqual(try sessions(second).count, 1, "a key itself has no session that ends")
    XCTAssertEqual(try sessions(.anyone), [])
  }
}
