import API
import Access
import Destinations
import EngineSupport
import JSON
import Links
import Lookup
import Management
import Places
import Postgres
import Service
import Sessions
import TestSupport
import Web
import XCTest

/// The operations on one link, as the command line performs them.
final class ShortURLOperationTests: XCTestCase {
  private var links: ChangedLinks!
  private var stores: ManagementStores!
  private let edit = EditShortURL(OwnHosts())

  override func setUpWithError() throws {
    let link = Link(
      id: SnowflakeID(rawValue: 4711), key: LinkKey(try slug("promo")),
      destination: DestinationURL(unchecked: "http://e.org/"), createdAt: 1_700_000_000_999)
    links = try ChangedLinks(inserting: [link])
    let settings = try links.database.settings([
      "BASE_URL": "https://sho.rt:8443", "REDIS_URL": "unix:///nowhere",
    ])
    let (postgres, redis) = (try links.database.session(), try RedisSession(settings, log: .quiet))
    stores = ManagementStores(
      creation: LinkCreation(
        ShortURLInsertion(postgres, settings),
        ids: IDSource(redis: redis, postgres: postgres, settings, log: .quiet),
        cache: LinkCache(redis, settings)),
      units: Units(postgres, redis, settings),
      places: PlaceFinder(settings, log: .quiet), baseURL: settings.baseURL)
  }

  private func slug(_ text: String) throws -> Slug { try XCTUnwrap(Slug(text)) }

  private func disable(
    _ code: String, domain: String? = nil, for caller: Caller = .operator
  ) throws -> ShortURL {
    var edition = ShortURLEdition()
    edition.isEnabled = .set(false)
    return try edit.perform(
      .init(ShortURLName(try slug(code), domain: domain), edition), for: caller, in: stores)
  }

  private func delete(_ code: String, domain: String? = nil) throws {
    _ = try DeleteShortURL().perform(
      ShortURLName(try slug(code), domain: domain), for: .operator, in: stores)
  }

  private func assertNotFound(
    _ members: [String], line: UInt = #line, _ body: () throws -> Void
  ) throws {
    let problem = try assertThrows(ManagementFailure.self, body).problem
    XCTAssertEqual(problem.type, ProblemType.Shlink.shortURLNotFound, line: line)
    XCTAssertEqual(
      problem.members.map { "\($0.key) \($0.value.string ?? "")" }, members, line: line)
  }

  func testAnEditIsAnsweredWithTheLinkInShlinksWords() throws {
    let link = try disable("promo")
    let response = link.response
    XCTAssertEqual(
      String(decoding: response.body, as: UTF8.self),
      #"{"shortCode":"promo","shortUrl":"https://sho.rt:8443/promo","longUrl":"http://e.org/","#
        + #""dateCreated":"2023-11-14T22:13:20+00:00","tags":[],"#
        + #""meta":{"validSince":null,"validUntil":null,"maxVisits":null},"#
        + #""domain":null,"title":null,"crawlable":false,"forwardQuery":false,"#
        + #""preview":true,"hasRedirectRules":false,"enabled":false,"id":"4711","#
        + #""visitsSummary":{"total":0,"nonBots":0,"bots":0},"revision":"\#(link.revision)"}"#
    )
    XCTAssertEqual(try links.outbox(), ["4711 promo"])
  }

  func testAnUnknownAndADeletedLinkAreNotFound() throws {
    try assertNotFound(["shortCode Promo"]) { _ = try disable("Promo") }
    try assertNotFound(["shortCode Promo"]) { try delete("Promo") }
    try assertNotFound(["shortCode promo"]) { _ = try disable("promo", for: .anyone) }
    try delete("promo")
    try assertNotFound(["shortCode promo"]) { _ = try disable("promo") }
    try delete("promo")
    XCTAssertEqual(try links.outbox().count, 2, "a deletion may be repeated")
  }

  func testTheDefaultDomainHasSeveralNamesAndNoOtherHasItsLinks() throws {
    for domain in ["", "DEFAULT", "default", "sho.rt", "SHO.RT:8443"] {
      XCTAssertEqual(try disable("promo", domain: domain).shortCode, "promo", domain)
    }
    for domain in ["go.example", "sho.rt:80", "sho.rt.", "https://sho.rt", "%", "\u{202E}"] {
      try assertNotFound(["shortCode promo", "domain \(domain)"]) {
        _ = try disable("promo", domain: domain)
      }
      try assertNotFound(["shortCode promo", "domain \(domain)"]) {
        try delete("promo", domain: domain)
      }
    }
    XCTAssertEqual(try links.outbox().count, 5)
  }
}
