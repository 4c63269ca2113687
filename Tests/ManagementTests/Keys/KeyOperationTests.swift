import API
import Access
import Hashing
import Management
import Postgres
import Service
import XCTest

/// What callers may do to keys, and what is stored of a key.
final class KeyOperationTests: XCTestCase {
  private var scene: KeyScene!

  override func setUpWithError() throws { scene = try KeyScene() }

  func testOnlyTheHashAndTheBeginningOfAKeyAreStored() throws {
    let made = try scene.make("newsletter")
    let stored = try scene.ask("SELECT concat(api_keys.*) FROM api_keys")
    XCTAssertFalse(stored.contains(made.secret.text), stored)
    XCTAssertTrue(stored.contains(made.secret.prefix), stored)
    XCTAssertEqual(made.key.prefix, made.secret.prefix)
    XCTAssertEqual(
      try scene.ask("SELECT encode(hash, 'hex') FROM api_keys"),
      made.secret.hash.bytes.map { String(format: "%02x", $0) }.joined())
  }

  func testAKeyIsEditedFieldByField() throws {
    let rights = KeyRights(domain: "s.test", scopes: [.readOnly], rateLimit: 5, expiresAt: 9000)
    let made = try scene.make("first", rights).key
    XCTAssertEqual(made.rights, rights)
    XCTAssertEqual(try GetKey().perform(made.id, for: .operator, in: scene.stores), made)
    let edited = try scene.edit(made.id) {
      $0.name = .set("second")
      $0.expiresAt = .clear
      $0.isEnabled = .set(false)
    }
    XCTAssertEqual(edited.name, "second")
    XCTAssertFalse(edited.isEnabled)
    XCTAssertEqual(
      edited.rights, KeyRights(domain: "s.test", scopes: [.readOnly], rateLimit: 5))
    let again = try scene.edit(made.id) {
      $0.roles = .set([KeyRole(.noOrphanVisits)])
      $0.scopes = .set([])
      $0.rateLimit = .set(7)
      $0.isEnabled = .set(true)
    }
    XCTAssertEqual(again.rights, KeyRights(hasNoOrphanVisits: true, rateLimit: 7))
    XCTAssertTrue(again.isEnabled)
    XCTAssertEqual(try scene.edit(made.id) { _ in }, again)
  }

  func testANameIsTakenOnceInATenant() throws {
    let first = try scene.make("one").key
    let second = try scene.make("two").key
    XCTAssertEqual(scene.failure { try scene.make("one") }, .nameTaken("one"))
    XCTAssertEqual(
      scene.failure { try scene.edit(second.id) { $0.name = .set("one") } }, .nameTaken("one"))
    XCTAssertEqual(try scene.edit(first.id) { $0.name = .set("one") }.name, "one")
    XCTAssertNoThrow(try scene.make("one", for: scene.tenant("acme")))
  }

  func testAnotherTenantsKeysAreNotThere() throws {
    let acme = try scene.tenant("acme")
    let theirs = try scene.make("theirs", for: acme)
    let mine = try scene.make("mine")
    for (id, caller) in [(theirs.key.id, mine.caller), (mine.key.id, theirs.caller)] {
      XCTAssertEqual(
        scene.failure { try GetKey().perform(id, for: caller, in: scene.stores) }, .notFound)
      XCTAssertEqual(
        scene.failure { try scene.edit(id, for: caller) { $0.isEnabled = .set(false) } },
        .notFound)
      XCTAssertEqual(
        scene.failure { try RotateKey().perform(id, for: caller, in: scene.stores) }, .notFound)
      XCTAssertEqual(
        scene.failure { try DeleteKey().perform(id, for: caller, in: scene.stores) }, .notFound)
    }
    XCTAssertEqual(try scene.names(for: mine.caller), ["mine"])
    XCTAssertEqual(try scene.names(for: theirs.caller), ["theirs"])
    XCTAssertEqual(try scene.names(for: .anyone), [])
  }

  func testAKeyMakesAndChangesOnlyKeysWithinItsOwnRights() throws {
    let all = try scene.make("all")
    let limited = KeyRights(domain: "s.test", scopes: [.admin], rateLimit: 60)
    let admin = try scene.make("admin", limited, for: all.caller)
    for rights in [
      KeyRights(), KeyRights(scopes: [.admin]), KeyRights(domain: "t.test", rateLimit: 60),
      KeyRights(domain: "s.test", scopes: [.anyScheme], rateLimit: 60),
      KeyRights(domain: "s.test", rateLimit: 61), KeyRights(domain: "s.test"),
    ] {
      XCTAssertEqual(
        scene.failure { try scene.make("x", rights, for: admin.caller) }, .beyondOwnRights)
    }
    let lesser = KeyRights(domain: "s.test", scopes: [.readOnly], rateLimit: 5)
    let child = try scene.make("child", lesser, for: admin.caller)
    XCTAssertEqual(
      scene.failure {
        try scene.edit(child.key.id, for: admin.caller) { $0.roles = .set([]) }
      }, .beyondOwnRights)
    // A mightier key in the same domain is seen, and can't be taken over.
    let mighty = try scene.make(
      "mighty", KeyRights(domain: "s.test", scopes: [.admin, .anyScheme], rateLimit: 60))
    XCTAssertEqual(try scene.names(for: admin.caller), ["admin", "child", "mighty"])
    XCTAssertEqual(
      scene.failure {
        try RotateKey().perform(mighty.key.id, for: admin.caller, in: scene.stores)
      }, .beyondOwnRights)
    XCTAssertEqual(
      scene.failure { try GetKey().perform(all.key.id, for: admin.caller, in: scene.stores) },
      .notFound)
  }

  func testTheLastKeyWithAllRightsIsChangedOnTheServerAlone() throws {
    let all = try scene.make("all")
    _ = try scene.make("ends", KeyRights(expiresAt: 9_000_000_000_000))
    _ = try scene.make("admin", KeyRights(scopes: [.admin]))
    let changes: [(inout KeyEdition) -> Void] = [
      { $0.isEnabled = .set(false) }, { $0.scopes = .set([.admin]) },
      { $0.roles = .set([KeyRole(.noOrphanVisits)]) }, { $0.expiresAt = .set(1) },
    ]
    for change in changes {
      XCTAssertEqual(
        scene.failure { try scene.edit(all.key.id, for: all.caller, change) }, .lastKey)
    }
    XCTAssertEqual(
      scene.failure { try DeleteKey().perform(all.key.id, for: all.caller, in: scene.stores) },
      .lastKey)
    XCTAssertEqual(
      try scene.edit(all.key.id, for: all.caller) { $0.name = .set("root") }.name, "root")
    _ = try RotateKey().perform(all.key.id, for: all.caller, in: scene.stores)
    let other = try scene.make("other")
    _ = try DeleteKey().perform(all.key.id, for: other.caller, in: scene.stores)
    _ = try DeleteKey().perform(other.key.id, for: .operator, in: scene.stores)
    XCTAssertEqual(try scene.names(), ["ends", "admin"])
  }

  func testADomainThatARoleNamesIsMadeForTheTenantAndIsNoOthers() throws {
    let acme = try scene.tenant("acme")
    _ = try scene.make("theirs", KeyRights(domain: "s.test"), for: acme)
    XCTAssertEqual(
      scene.failure { try scene.make("mine", KeyRights(domain: "s.test")) },
      .domainOfOthers("s.test"))
    XCTAssertEqual(
      try scene.ask("SELECT last_value::text FROM domains_number_seq"), "16", "no number is wasted")
    XCTAssertNoThrow(try scene.make("default", KeyRights(domain: "")))
    XCTAssertEqual(
      try scene.ask(
        "SELECT string_agg(concat(authority, '=', tenant), ',' ORDER BY number) FROM domains"),
      "=0,s.test=\(acme.tenant)")
  }

  func testADomainOfARoleHasOneNameHoweverItIsSpelled() throws {
    let base = scene.stores.baseURL
    for (number, spelling) in ["DEFAULT", "default", base.host.uppercased(), base.authority]
      .enumerated()
    {
      let made = try scene.make("default \(number)", KeyRights(domain: spelling)).key
      XCTAssertEqual(made.rights.domain, "", spelling)
    }
    let made = try scene.make("brand", KeyRights(domain: "S.Test")).key
    XCTAssertEqual(made.rights.domain, "s.test")
    let edited = try scene.edit(made.id) {
      $0.roles = .set([KeyRole(.domainSpecific, domain: "Other.TEST")])
    }
    XCTAssertEqual(edited.rights.domain, "other.test")
    for bad in ["a/b", "a..b", "a:1", "127.0.0.1", "[::1]", "ü.test", "a b", "*"] {
      XCTAssertEqual(
        scene.failure { try scene.make("bad", KeyRights(domain: bad)) }, .noDomain(bad))
      XCTAssertEqual(
        scene.failure {
          try scene.edit(made.id) { $0.roles = .set([KeyRole(.domainSpecific, domain: bad)]) }
        }, .noDomain(bad))
    }
  }

  func testARotatedKeyHasAnotherSecretAndIsOtherwiseTheSame() throws {
    let made = try scene.make("key", KeyRights(scopes: [.readOnly]))
    let rotated = try RotateKey().perform(made.key.id, for: .operator, in: scene.stores)
    XCTAssertNotEqual(rotated.secret.text, made.secret.text)
    XCTAssertEqual(rotated.key.prefix, rotated.secret.prefix)
    XCTAssertEqual(rotated.key.rights, made.key.rights)
    XCTAssertEqual(rotated.key.id, made.key.id)
  }

  func testKeysAreListedByPageAndByCursor() throws {
    for number in 1...5 { _ = try scene.make("key \(number)") }
    var names: [String] = []
    var page = Page(size: 2)
    for _ in 0..<4 {
      let list = try ListKeys().perform(page, for: .operator, in: scene.stores)
      names += list.keys.map(\.name)
      XCTAssertEqual(list.pagination.total, 5)
      guard let text = list.pagination.nextCursor else { break }
      page = Page(size: 2, cursor: try XCTUnwrap(Cursor(text, of: Array("api-keys".utf8))))
    }
    XCTAssertEqual(names, (1...5).map { "key \($0)" })
    XCTAssertEqual(
      try ListKeys().perform(Page(number: 3, size: 2), for: .operator, in: scene.stores)
        .keys.map(\.name), ["key 5"])
  }

  func testATenantIsDeletedWhenItHasNothing() throws {
    let acme = try scene.tenant("acme")
    let key = try scene.make("theirs", for: acme).key
    func failure(_ name: String) -> TenantFailure? {
      do {
        _ = try DeleteTenant().perform(name, for: .operator, in: scene.stores)
        return nil
      } catch ManagementFailure.tenant(let failure) {
        return failure
      } catch {
        XCTFail("\(error)")
        return nil
      }
    }
    XCTAssertEqual(failure("acme"), .inUse("acme"))
    XCTAssertEqual(failure("default"), .inUse("default"))
    XCTAssertEqual(failure("nobody"), .notFound("nobody"))
    _ = try DeleteKey().perform(key.id, for: acme, in: scene.stores)
    _ = try scene.ask(
      """
      WITH tag AS (INSERT INTO tags (tenant, name) VALUES (\(acme.tenant), 'left'))
      INSERT INTO short_urls (snowflake_id, short_code, original_url, tenant)
      VALUES (1, 'theirs', 'http://e.org/', \(acme.tenant)) RETURNING short_code
      """)
    XCTAssertEqual(failure("acme"), .inUse("acme"))
    _ = try scene.ask("UPDATE short_urls SET deleted_at = now() RETURNING short_code")
    XCTAssertNil(failure("acme"))
    XCTAssertEqual(
      try ListTenants().perform(Page(), for: .operator, in: scene.stores).tenants.map(\.name),
      ["default"])
  }
}
