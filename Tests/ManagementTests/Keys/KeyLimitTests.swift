import API
import Access
import EngineSupport
import Management
import Postgres
import XCTest

/// How far keys reach: to other keys, to how many, and to names of the default domain.
final class KeyLimitTests: XCTestCase {
  private var scene: KeyScene!

  override func setUpWithError() throws { scene = try KeyScene() }

  func testAKeyThatSeesItsOwnLinksOnlyChangesNoOtherKey() throws {
    let rights = KeyRights(isAuthoredOnly: true, scopes: [.admin])
    let (first, second) = (try scene.make("first", rights), try scene.make("second", rights))
    XCTAssertEqual(
      scene.failure { try RotateKey().perform(second.key.id, for: first.caller, in: scene.stores) },
      .beyondOwnRights)
    XCTAssertEqual(
      scene.failure { try scene.edit(second.key.id, for: first.caller) { $0.name = .set("x") } },
      .beyondOwnRights)
    XCTAssertEqual(
      scene.failure { try DeleteKey().perform(second.key.id, for: first.caller, in: scene.stores) },
      .beyondOwnRights)
    XCTAssertNoThrow(
      try RotateKey().perform(first.key.id, for: first.caller, in: scene.stores))
    XCTAssertNoThrow(
      try DeleteKey().perform(first.key.id, for: first.caller, in: scene.stores))
  }

  func testATenantHasAThousandKeysAtMost() throws {
    _ = try scene.ask(
      """
      WITH made AS (
        INSERT INTO api_keys (name, hash, prefix)
        SELECT 'key-' || n, sha256(n::text::bytea), 'k' FROM generate_series(1, 999) AS n
      ) SELECT ''
      """)
    XCTAssertNoThrow(try scene.make("last"))
    XCTAssertEqual(scene.failure { try scene.make("one too many") }, .tooMany)
    XCTAssertNoThrow(try scene.make("theirs", for: scene.tenant("acme")))
  }

  func testAKeyWithAnUnknownScopeIsLeftAlone() throws {
    let made = try scene.make("newer", KeyRights(scopes: [.readOnly]))
    _ = try scene.ask("UPDATE api_keys SET scopes = '{write-nothing}' RETURNING name")
    XCTAssertEqual(try scene.names(), [])
    XCTAssertEqual(scene.failure { try scene.edit(made.key.id) { _ in } }, .notFound)
  }

  func testAnotherNameOfTheShortenerIsTheDefaultDomain() throws {
    let settings = try XCTUnwrap(scene.database).settings([
      "REDIS_URL": "unix:///nowhere", "PG_WRITE_TIMEOUT_MS": "60000", "OWN_HOSTS": "Www.Sho.RT",
    ])
    let creation = KeyCreation(name: "brand", rights: KeyRights(domain: "www.sho.rt"))
    let made = try CreateKey().perform(
      creation, for: .operator, in: try KeyScene.stores(settings)
    ).key
    XCTAssertEqual(made.rights.domain, "")
    XCTAssertEqual(try scene.ask("SELECT count(*)::text FROM domains"), "1")
  }
}
