import API
import Access
import Destinations
import EngineSupport
import HTTPTypes
import JSON
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// The redirects of domains, by the requests and the answers of Shlink's own tests.
final class DomainRedirectsTests: XCTestCase {
  private var redis: PrivateRedis!
  private var scene: ManagedScene!

  private static let admin = Caller.key(Key(id: 1, tenant: 0, rights: KeyRights()))

  override func setUpWithError() throws {
    redis = try PrivateRedis()
    scene = try ManagedScene(["REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "10000"])
    try scene.run("INSERT INTO tenants (id, name) VALUES (9, 'nine')")
    try scene.run(
      """
      INSERT INTO domains (authority, tenant, base_url_redirect, regular_404_redirect) VALUES
        ('example.com', 0, NULL, NULL),
        ('detached-with-redirects.com', 0, 'https://foo.com', 'https://bar.com'),
        ('nine.example', 9, 'https://secret.example', NULL)
      """)
  }

  override func tearDown() { (scene, redis) = (nil, nil) }

  private func set(
    _ body: [String: JSONValue], for caller: Caller = admin
  ) throws -> [String?] {
    let redirects = try scene.perform(
      SetDomainRedirects(OwnHosts(["s.test"])), body: body, for: caller)
    return [redirects.baseURL, redirects.regular404, redirects.invalidShortURL]
  }

  func testRedirectsAreSetKeptAndTakenAway() throws {
    XCTAssertEqual(
      try set(["domain": "my-new-domain.com", "regular404Redirect": "https://foo.com"]),
      [nil, "https://foo.com", nil])
    XCTAssertEqual(
      try set(["domain": "s.test", "regular404Redirect": "https://foo-for-default.com"]),
      [nil, "https://foo-for-default.com", nil])
    XCTAssertEqual(
      try set([
        "domain": "Detached-With-Redirects.com", "baseUrlRedirect": .null,
        "invalidShortUrlRedirect": "https://foo.com",
      ]), [nil, "https://bar.com", "https://foo.com"])
    XCTAssertEqual(
      try set([
        "domain": "example.com", "baseUrlRedirect": .null,
        "invalidShortUrlRedirect": "https://foo.com",
      ]), [nil, nil, "https://foo.com"])
    let list = try scene.perform(ListDomains(), for: Self.admin).domains
    XCTAssertEqual(
      list.map(\.authority),
      ["s.test", "detached-with-redirects.com", "example.com", "my-new-domain.com"])
    XCTAssertEqual(list[0].redirects.regular404, "https://foo-for-default.com")
  }

  func testWhatIsNoDomainAndNoURLIsRefusedAndChangesNothing() throws {
    let count = try scene.count("domains")
    for body: [String: JSONValue] in [
      [:], ["domain": ""], ["domain": " "], ["domain": .null], ["domain": .number("1")],
      ["domain": "a.example", "baseUrlRedirect": "foo.com"],
      ["domain": "a.example", "regular404Redirect": "javascript:alert(1)"],
      ["domain": "a.example", "invalidShortUrlRedirect": "https://s.test/loop"],
      ["domain": "a.example", "baseUrlRedirect": .number("1")],
    ] { XCTAssertThrowsError(try set(body), "\(body)") }
    for domain in ["192.168.1.1", "[::1]", "a b", "a.example:99999", "a/b", "a\u{7F}b"] {
      let failure = try assertThrows(ManagementFailure.self) {
        _ = try set(["domain": .string(domain), "baseUrlRedirect": "https://example.org"])
      }
      XCTAssertEqual(failure.problem.status.code, 400, domain)
    }
    XCTAssertEqual(try scene.count("domains"), count)
  }

  /// Every worker remembers the list of all domains.
  func testATenantAndAllTogetherHaveNoMoreDomainsThanTheLimitsAndTheirURLsAreShort() throws {
    let url = "https://e.org/" + String(repeating: "x", count: 1024 - "https://e.org/".count)
    XCTAssertEqual(try set(["domain": "a.example", "baseUrlRedirect": .string(url)])[0], url)
    XCTAssertThrowsError(try set(["domain": "a.example", "baseUrlRedirect": .string(url + "x")]))
    // Three and the default one are there; another tenant's doesn't count.
    func fill(_ count: Int64, tenant: Int) throws {
      try scene.run(
        """
        INSERT INTO domains (authority, tenant)
        SELECT format('n%s.t%s.example', n, \(tenant)), \(tenant) FROM generate_series(1, \(count)) AS n
        """)
    }
    func refusal(_ domain: JSONValue) throws -> Problem {
      try assertThrows(ManagementFailure.self) { _ = try set(["domain": domain]) }.problem
    }
    try fill(496, tenant: 0)
    XCTAssertEqual(try set(["domain": "last.example"]), [nil, nil, nil])
    let full = try refusal("more.example")
    XCTAssertEqual(full.type, ProblemType.Shlink.invalidData)
    XCTAssertEqual(full.members.first?.value.array, ["domain"])
    XCTAssertTrue(full.detail.contains("500"), full.detail)
    XCTAssertEqual(try set(["domain": "last.example"]), [nil, nil, nil], "it is there")
    let other = Caller.key(Key(id: 9, tenant: 9, rights: KeyRights()))
    XCTAssertEqual(try set(["domain": "more.example"], for: other), [nil, nil, nil])
    try scene.run("DELETE FROM domains WHERE authority = 'last.example'")
    try fill(10_000 - scene.count("domains"), tenant: 9)
    XCTAssertEqual(try refusal("last.example").type, ProblemType.Shlink.invalidData)
  }

  func testAnotherTenantsDomainIsRefusedAndNothingOfItIsTold() throws {
    let other = Caller.key(Key(id: 9, tenant: 9, rights: KeyRights()))
    for (domain, caller) in [("nine.example", Self.admin), ("s.test", other)] {
      let failure = try assertThrows(ManagementFailure.self) {
        _ = try set(["domain": .string(domain), "baseUrlRedirect": .null], for: caller)
      }
      XCTAssertEqual(failure.problem.status.code, 400)
      XCTAssertFalse(failure.problem.detail.contains("secret"))
    }
    XCTAssertEqual(try set(["domain": "nine.example"], for: other)[0], "https://secret.example")
  }

  func testAKeyOfOneDomainSetsTheRedirectsOfThatDomainWhateverItNames() throws {
    let rights = KeyRights(domain: "example.com", scopes: [.admin])
    let bound = Caller.key(Key(id: 3, tenant: 0, rights: rights))
    XCTAssertEqual(
      try set(
        ["domain": "detached-with-redirects.com", "baseUrlRedirect": "https://own.example"],
        for: bound)[0], "https://own.example")
    let list = try scene.perform(ListDomains(), for: Self.admin).domains
    XCTAssertEqual(
      list.first { $0.authority == "detached-with-redirects.com" }?.redirects.baseURL,
      "https://foo.com")
  }

  /// Redis forgets the list of domains at once; the dispatcher announces it again.
  func testEachChangeOfADomainIsAnnounced() throws {
    for (number, domain) in ["new.example", "new.example", "s.test"].enumerated() {
      try redis.command("SET", "short_url::domains", "[]")
      let url = "https://example.org/\(number)"
      _ = try set(["domain": .string(domain), "baseUrlRedirect": .string(url)])
      XCTAssertTrue(try redis.command("EXISTS", "short_url::domains").hasPrefix("0"), domain)
    }
    let outbox = try scene.database.admin().execute(
      "SELECT domain FROM outbox WHERE slug = '' ORDER BY id", "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in try row.text() }
    XCTAssertEqual(Array(outbox.suffix(4)), ["new.example", "new.example", "new.example", ""])
  }
}
