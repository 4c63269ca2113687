import API
import Access
import EngineSupport
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// Domains as each caller sees them, by the domains and the answers of Shlink's own tests.
final class ListDomainsTests: XCTestCase {
  private var scene: ManagedScene!

  override func setUpWithError() throws {
    scene = try ManagedScene()
    try scene.run("INSERT INTO tenants (id, name) VALUES (9, 'nine')")
    try scene.run(
      """
      INSERT INTO domains (authority, tenant, base_url_redirect, regular_404_redirect) VALUES
        ('some-domain.com', 0, NULL, NULL), ('example.com', 0, NULL, NULL),
        ('this-domain-is-detached.com', 0, NULL, NULL),
        ('detached-with-redirects.com', 0, 'https://foo.com', 'https://bar.com'),
        ('gone.example', 0, NULL, NULL), ('nine.example', 9, 'https://secret.example', NULL)
      """)
    try scene.run(
      """
      INSERT INTO short_urls
        (snowflake_id, short_code, domain, original_url, author, tenant, deleted_at)
      VALUES (1, 'a', '', 'https://shlink.io', 2, 0, NULL),
        (3, 'b', 'some-domain.com', 'https://shlink.io', 1, 0, NULL),
        (6, 'c', 'example.com', 'https://shlink.io', 1, 0, NULL),
        (7, 'd', 'gone.example', 'https://shlink.io', 1, 0, now())
      """)
  }

  override func tearDown() { scene = nil }

  private func domains(_ rights: KeyRights = KeyRights(), id: Int, tenant: Int = 0) throws
    -> [ListedDomain]
  {
    try scene.perform(
      ListDomains(), for: .key(Key(id: id, tenant: tenant, rights: rights))
    ).domains
  }

  func testDomainsWithLinksOrRedirectsAreListedTheDefaultOneFirst() throws {
    let all = try domains(id: 1)
    XCTAssertEqual(
      all.map(\.authority),
      ["s.test", "detached-with-redirects.com", "example.com", "some-domain.com"])
    XCTAssertEqual(all.map(\.isDefault), [true, false, false, false])
    XCTAssertEqual(all[1].redirects.baseURL, "https://foo.com")
    XCTAssertEqual(all[1].redirects.regular404, "https://bar.com")
    XCTAssertNil(all[1].redirects.invalidShortURL)
    XCTAssertEqual(try scene.perform(ListDomains(), for: .operator).domains, all)
  }

  func testARestrictedKeySeesTheDomainsOfItsLinks() throws {
    XCTAssertEqual(
      try domains(KeyRights(isAuthoredOnly: true), id: 2).map(\.authority), ["s.test"])
    XCTAssertEqual(
      try domains(KeyRights(domain: "example.com"), id: 3).map(\.authority), ["example.com"])
    XCTAssertEqual(try domains(KeyRights(domain: ""), id: 3).map(\.authority), ["s.test"])
  }

  func testATenantSeesNothingOfAnothersDomains() throws {
    try scene.run("UPDATE domains SET base_url_redirect = 'https://own.example' WHERE number = 0")
    let others = try domains(id: 9, tenant: 9)
    XCTAssertEqual(others.map(\.authority), ["s.test", "nine.example"])
    XCTAssertNil(others[0].redirects.baseURL)
    XCTAssertFalse(try domains(id: 1).contains { $0.authority == "nine.example" })
  }

  func testADomainThatNothingNeedsIsDeletedAndAnnounced() throws {
    func delete(_ domain: String, tenant: Int = 0) throws {
      _ = try DeleteDomain().perform(domain, for: .operatorOf(tenant: tenant), in: scene.stores)
    }
    try scene.run(
      """
      INSERT INTO api_keys (name, hash, prefix, domain)
      VALUES ('k', sha256('k'), 'k', 'this-domain-is-detached.com')
      """)
    for (domain, tenant) in [
      ("some-domain.com", 0), ("this-domain-is-detached.com", 0), ("nine.example", 0),
      ("gone.example", 9), ("none.example", 0), ("DEFAULT", 0), ("s.test", 0), ("a b", 0),
    ] {
      XCTAssertThrowsError(try delete(domain, tenant: tenant), domain) { error in
        let isUnknown = ["gone.example", "none.example", "nine.example"].contains(domain)
        let isInUse = ["some-domain.com", "this-domain-is-detached.com"].contains(domain)
        XCTAssertEqual(
          (error as? ManagementFailure)?.problem.type,
          isUnknown
            ? ProblemType.Shlink.domainNotFound
            : isInUse ? .domainInUse : ProblemType.Shlink.invalidData, domain)
      }
    }
    XCTAssertEqual(try scene.count("domains"), 7)
    let announced = try scene.count("outbox")
    try delete("detached-with-redirects.com")
    XCTAssertEqual(try scene.count("outbox"), announced + 1)
    try delete("Gone.Example")
    XCTAssertEqual(try scene.count("domains WHERE authority = 'gone.example'"), 0)
    XCTAssertEqual(try scene.count("outbox"), announced + 2)
    // A deleted link of it comes back when the domain is its tenant's again.
    let name = ShortURLName(try XCTUnwrap(Slug("d")), domain: "gone.example")
    func restore() throws -> ShortURL {
      try RestoreShortURL().perform(name, for: .operatorOf(tenant: 0), in: scene.stores)
    }
    try scene.run("INSERT INTO domains (authority, tenant) VALUES ('gone.example', 9)")
    XCTAssertThrowsError(try restore())
    try delete("gone.example", tenant: 9)
    XCTAssertThrowsError(try restore())
    try scene.run("INSERT INTO domains (authority) VALUES ('gone.example')")
    XCTAssertNoThrow(try restore())
    XCTAssertThrowsError(try delete("gone.example"))
  }

  func testTheAnswerIsInShlinksForm() throws {
    let caller = Caller.key(Key(id: 3, tenant: 0, rights: KeyRights(domain: "example.com")))
    let body = try scene.perform(ListDomains(), for: caller).response.body
    let none = #"{"baseUrlRedirect":null,"regular404Redirect":null,"invalidShortUrlRedirect":null}"#
    XCTAssertEqual(
      String(decoding: body, as: UTF8.self),
      #"{"domains":{"data":[{"domain":"example.com","isDefault":false,"redirects":"# + none
        + #"}],"defaultRedirects":"# + none + "}}")
  }
}
