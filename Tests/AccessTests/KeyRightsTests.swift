import XCTest

@testable import Access

final class KeyRightsTests: XCTestCase {
  private static let subjects: [Permission.Subject] = [
    .shortURLs, .visits, .tags, .domains, .keys, .tenants, .host,
  ]
  private static let all: [Permission] = subjects.flatMap { [.read($0), .create($0), .edit($0)] }

  private func allowed(_ rights: KeyRights, tenant: Int = 0) -> [Permission] {
    let caller = Caller.key(Key(id: 7, tenant: tenant, rights: rights))
    return Self.all.filter(caller.may)
  }

  func testAKeyWithoutRolesAndScopesMayDoEverything() {
    XCTAssertEqual(allowed(KeyRights()), Self.all)
    XCTAssertEqual(allowed(KeyRights(rateLimit: 1, expiresAt: 1)), Self.all)
    XCTAssertTrue(Caller.key(Key(id: 1, tenant: 0, rights: KeyRights())).hasAnyScheme)
  }

  func testAKeyWithARoleManagesNeitherKeysNorDomainsWithoutAdmin() {
    for rights in [
      KeyRights(isAuthoredOnly: true), KeyRights(domain: "s.test"),
      KeyRights(hasNoOrphanVisits: true), KeyRights(scopes: [.anyScheme]),
    ] {
      XCTAssertEqual(
        allowed(rights),
        [
          .read(.shortURLs), .create(.shortURLs), .edit(.shortURLs), .read(.visits),
          .create(.visits), .edit(.visits), .read(.tags), .create(.tags), .edit(.tags),
          .read(.domains),
        ])
      var rights = rights
      rights.scopes.insert(.admin)
      // Who sees some links of a tenant only has no business with other tenants.
      let seesAll = !rights.isAuthoredOnly && rights.domain == nil
      XCTAssertEqual(allowed(rights), Self.all.filter { seesAll || !$0.isOfDefaultTenant })
    }
  }

  func testNarrowScopesAllowWhatTheySayAndNothingElse() {
    XCTAssertEqual(
      allowed(KeyRights(scopes: [.readOnly])),
      [.read(.shortURLs), .read(.visits), .read(.tags), .read(.domains)])
    XCTAssertEqual(
      allowed(KeyRights(scopes: [.createOnly])),
      [.create(.shortURLs), .create(.visits), .create(.tags)])
    XCTAssertEqual(
      allowed(KeyRights(scopes: [.readOnly, .createOnly])),
      [
        .read(.shortURLs), .create(.shortURLs), .read(.visits), .create(.visits), .read(.tags),
        .create(.tags), .read(.domains),
      ])
    XCTAssertEqual(
      allowed(KeyRights(scopes: [.readOnly, .admin])), Self.subjects.map { .read($0) })
  }

  func testTenantsAreForKeysOfTheDefaultTenant() {
    XCTAssertEqual(
      allowed(KeyRights(), tenant: 3), Self.all.filter { !$0.isOfDefaultTenant })
  }

  func testARefusalSaysWhatIsLacking() {
    let key = Key(id: 1, tenant: 0, rights: KeyRights(scopes: [.readOnly]))
    XCTAssertEqual(
      Caller.key(key).refusal(of: .edit(.tags)),
      .forbidden("The scopes of this API key are read-only: it may not do this."))
    XCTAssertEqual(
      Caller.key(key).refusal(of: .read(.keys)),
      .forbidden("This needs an API key with the scope admin, or with all rights."))
    XCTAssertEqual(Caller.anyone.refusal(of: .read(.tags)), .noKey)
    XCTAssertNil(Caller.anyone.refusal(of: .open))
  }

  func testAKeyOfAnotherDomainShortensNothingInTheDefaultOne() {
    func refusal(_ rights: KeyRights, of permission: Permission) -> AccessFailure? {
      Caller.key(Key(id: 1, tenant: 0, rights: rights)).refusal(of: permission)
    }
    XCTAssertEqual(
      refusal(KeyRights(domain: "s.test"), of: .offered(.shortening)),
      .forbidden("This API key makes links of its own domain, by POST /rest/v3/short-urls."))
    XCTAssertNil(refusal(KeyRights(domain: "s.test"), of: .offered(.statistics)))
    for rights in [KeyRights(), KeyRights(domain: ""), KeyRights(isAuthoredOnly: true)] {
      XCTAssertNil(refusal(rights, of: .offered(.shortening)))
    }
  }

  func testAKeyCoversOnlyWhatItHasItself() {
    let samples = [
      KeyRights(), KeyRights(scopes: [.readOnly]), KeyRights(scopes: [.createOnly]),
      KeyRights(scopes: [.admin]), KeyRights(scopes: [.anyScheme]), KeyRights(domain: "s.test"),
      KeyRights(domain: "t.test"), KeyRights(isAuthoredOnly: true),
      KeyRights(hasNoOrphanVisits: true), KeyRights(rateLimit: 5), KeyRights(expiresAt: 5),
      KeyRights(domain: "s.test", scopes: [.admin]),
    ]
    for rights in samples {
      XCTAssertTrue(rights.cover(rights))
      XCTAssertTrue(KeyRights().cover(rights))
      XCTAssertEqual(rights.cover(KeyRights()), rights == KeyRights())
    }
    XCTAssertTrue(KeyRights(rateLimit: 5).cover(KeyRights(rateLimit: 4)))
    XCTAssertFalse(KeyRights(rateLimit: 5).cover(KeyRights(rateLimit: 6)))
    XCTAssertTrue(KeyRights(expiresAt: 5).cover(KeyRights(scopes: [.readOnly], expiresAt: 5)))
    XCTAssertFalse(KeyRights(domain: "s.test").cover(KeyRights(domain: "t.test")))
    XCTAssertFalse(KeyRights(scopes: [.admin]).cover(KeyRights(scopes: [.admin, .anyScheme])))
    XCTAssertTrue(KeyRights(scopes: [.admin]).cover(KeyRights(scopes: [.readOnly, .admin])))
    XCTAssertFalse(
      KeyRights(domain: "s.test", scopes: [.admin]).cover(KeyRights(scopes: [.readOnly])))
  }
}
