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

/// The rules of a link, as they are set and listed.
final class RuleOperationTests: XCTestCase {
  private var links: ChangedLinks!
  private var stores: ManagementStores!

  override func setUpWithError() throws {
    let all = try [("promo", 4711), ("other", 4712)].map { name, number in
      Link(
        id: SnowflakeID(rawValue: Int64(number)), key: LinkKey(try slug(name)),
        destination: DestinationURL(unchecked: "http://e.org/"), createdAt: 1_700_000_000_999)
    }
    links = try ChangedLinks(inserting: all)
    let settings = try links.database.settings(["REDIS_URL": "unix:///nowhere"])
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

  private func set(
    _ rules: Result<[RedirectRule], InputFailure>, of code: String, for caller: Caller = .operator
  ) throws -> RuleList {
    try SetRedirectRules(OwnHosts()).perform(
      .init(ShortURLName(try slug(code)), rules), for: caller, in: stores)
  }

  private func list(_ code: String, for caller: Caller = .operator) throws -> RuleList {
    try ListRedirectRules().perform(ShortURLName(try slug(code)), for: caller, in: stores)
  }

  private func rules(_ urls: String...) throws -> [RedirectRule] {
    try urls.map {
      RedirectRule(
        DestinationURL(unchecked: $0),
        when: [try RedirectCondition(.queryParameter, key: "ü", value: "'\"\\$1")])
    }
  }

  /// A link with longer ones would be remembered by no worker.
  func testRulesThatTakeTooManyBytesAreRefusedAlsoAsAChange() throws {
    func long(_ count: Int) throws -> [RedirectRule] {
      try rules("https://e.org/" + String(repeating: "x", count: count))
    }
    let room = RedirectRules.longestStored - RedirectRules(try long(0))!.stored.utf8.count
    XCTAssertEqual(try set(.success(long(room)), of: "promo").rules.count, 1)
    let (tooLong, name) = (try long(room + 1), ShortURLName(try slug("promo")))
    for attempt in [
      { try self.set(.success(tooLong), of: "promo") },
      { try RuleChange(of: name) { _ in tooLong }.perform(for: .operator, in: self.stores) },
    ] {
      let problem = try assertThrows(ManagementFailure.self) { _ = try attempt() }.problem
      XCTAssertEqual(problem.type, ProblemType.Shlink.invalidData)
      XCTAssertEqual(problem.members.first?.value.array, ["redirectRules"])
    }
    XCTAssertEqual(try list("promo").rules, try long(room))
  }

  func testRulesReplaceThoseOfBeforeAndAreListedWithTheirPriorities() throws {
    XCTAssertEqual(try list("promo").rules, [])
    let first = try rules("https://a.example/", "https://b.example/")
    XCTAssertEqual(try set(.success(first), of: "promo").rules, first)
    XCTAssertEqual(
      String(decoding: try list("promo").response.body, as: UTF8.self),
      #"{"defaultLongUrl":"http://e.org/","redirectRules":["#
        + #"{"longUrl":"https://a.example/","priority":1,"conditions":["#
        + #"{"type":"query-param","matchKey":"ü","matchValue":"'\"\\$1"}]},"#
        + #"{"longUrl":"https://b.example/","priority":2,"conditions":["#
        + #"{"type":"query-param","matchKey":"ü","matchValue":"'\"\\$1"}]}],"geolocation":"off"}"#)
    let second = try rules("https://c.example/")
    _ = try set(.success(second), of: "promo")
    XCTAssertEqual(try list("promo").rules, second)
    XCTAssertEqual(try list("other").rules, [])
    XCTAssertEqual(try links.outbox(), ["4711 promo", "4711 promo"])
  }

  func testAnEmptyListRemovesAllRules() throws {
    _ = try set(.success(rules("https://a.example/")), of: "promo")
    XCTAssertEqual(try set(.success([]), of: "promo").rules, [])
    XCTAssertEqual(try list("promo").rules, [])
    let stored = try links.database.admin().executeOnce(
      "SELECT count(*) FROM short_urls WHERE rules IS NOT NULL", "count",
      timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.integer() }
    XCTAssertEqual(stored, 0)
  }

  func testInvalidRulesAreToldOnlyWhereTheLinkIsThere() throws {
    let failure = InputFailure.invalid([Complaint("redirectRules", InvalidValue("is missing"))])
    let invalid = try assertThrows(ManagementFailure.self) {
      _ = try set(.failure(failure), of: "promo")
    }
    XCTAssertEqual(invalid.problem.type, ProblemType.Shlink.invalidData)
    for (code, caller) in [("none", Caller.operator), ("promo", .anyone)] {
      let unknown = try assertThrows(ManagementFailure.self) {
        _ = try set(.failure(failure), of: code, for: caller)
      }
      XCTAssertEqual(unknown.problem.type, ProblemType.Shlink.shortURLNotFound)
    }
  }

  func testAnUnknownADeletedAndAnotherCallersLinkAreNotFound() throws {
    _ = try links.store.delete(LinkKey(slug("other")))
    for (code, caller) in [("none", Caller.operator), ("other", .operator), ("promo", .anyone)] {
      for failure in [
        try assertThrows(ManagementFailure.self) { _ = try list(code, for: caller) },
        try assertThrows(ManagementFailure.self) {
          _ = try set(.success(rules("https://a.example/")), of: code, for: caller)
        },
      ] {
        XCTAssertEqual(failure.problem.type, ProblemType.Shlink.shortURLNotFound, code)
        XCTAssertEqual(failure.problem.members.first?.value, .string(code))
      }
    }
    XCTAssertEqual(try list("promo").rules, [])
  }

  func testRulesThatCannotBeReadAreListedAsNone() throws {
    _ = try links.database.admin().executeOnce(
      "UPDATE short_urls SET rules = '[{\"u\":\"https://a.example/\",\"c\":[[\"moon\",null,null]]}]'",
      "spoil", timeoutMilliseconds: 20_000)
    XCTAssertEqual(try list("promo").rules, [])
  }
}
