import Foundation
import TestSupport
import XCTest

/// Sessions through nginx, from sign-in to their end.
final class SessionSiteTests: XCTestCase {
  private static let path = "/rest/v3/session"
  private static let own = "urn:problem-type:swiftlet:"
  private static let shlink = "https://shlink.io/api/error/"
  private var site: Site!
  private var tenant: KeyTenant!
  private var key = ""

  override func setUpWithError() throws {
    site = try Site()
    tenant = try KeyTenant()
    key = try tenant.key("root")
  }

  private func assertRefused(
    _ answer: HTTPClient.Answer, _ type: String, line: UInt = #line
  ) throws {
    XCTAssertEqual(answer.status, 401, answer.text, line: line)
    XCTAssertEqual(try answer.json["type"].text, type, line: line)
    XCTAssertNil(answer["set-cookie"], line: line)
  }

  func testOnlyTheCookieHasTheValueAndWhoHasItIsTheKey() throws {
    var page = OwnPage(site)
    try assertRefused(page.get(Self.path), Self.shlink + "missing-authentication")
    let begun = try page.signIn(key: key)
    XCTAssertEqual(begun.status, 201, begun.text)
    let cookie = try XCTUnwrap(begun["set-cookie"])
    let match = try XCTUnwrap(
      cookie.wholeMatch(of: /swiftlet=([0-9A-Za-z_-]{43}); Path=\/; HttpOnly; SameSite=Strict/),
      cookie)
    XCTAssertFalse(begun.text.contains(match.1), begun.text)
    XCTAssertEqual(begun.all("set-cookie").count, 1)
    let shown = try page.get(Self.path)
    XCTAssertEqual(shown.status, 200, shown.text)
    XCTAssertNil(shown["set-cookie"])
    for answer in [begun, shown] {
      let json = try answer.json
      XCTAssertEqual(try json["key"]["name"].text, "root")
      XCTAssertEqual(try json["tenant"].text, tenant.name)
      XCTAssertEqual(try json["instance"]["baseUrl"].text, site.baseURL)
      XCTAssertFalse(try json["expires"].isNull)
    }
    XCTAssertTrue(try page.isAnswered(200))
    let remembered = try page.signIn(#"{"remember": true}"#, key: key)
    XCTAssertTrue(
      remembered["set-cookie"]?.hasSuffix("; SameSite=Strict; Max-Age=2592000") ?? false)
    XCTAssertEqual(
      try page.ask("GET", "/rest/v3/short-urls", nil, [("X-Api-Key", "wrong")]).status, 401,
      "a key counts before a session")
    XCTAssertEqual(
      try page.ask("GET", Self.path, nil, [("X-Api-Key", key)]).json["session"].isNull, true)
  }

  func testWhoSignsOutIsOutEverywhereAtOnce() throws {
    let page = try OwnPage.signedIn(site, key: key)
    XCTAssertTrue(try page.isAnswered(200))
    let ended = try page.ask("DELETE", Self.path)
    XCTAssertEqual(ended.status, 204, ended.text)
    XCTAssertEqual(
      ended["set-cookie"], "swiftlet=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    XCTAssertTrue(try eventually(seconds: 30) { try page.isAnswered(401) })
    try assertRefused(page.get(Self.path), Self.own + "session-ended")
    // Many tabs go on asking; their browser signs in all the same.
    for _ in 0..<200 { XCTAssertEqual(try page.get("/rest/v3/tags").status, 401) }
    var again = page
    XCTAssertEqual(try again.signIn(key: key).status, 201)
    XCTAssertTrue(try again.isAnswered(200))
  }

  func testACodeIsGoodOnceWhoeverHasIt() throws {
    let code = try tenant.code("root")
    var page = OwnPage(site)
    let first = try page.signIn(#"{"code": "\#(code)"}"#)
    XCTAssertEqual(first.status, 201, first.text)
    XCTAssertEqual(try first.json["key"]["name"].text, "root")
    XCTAssertTrue(try page.isAnswered(200))
    let unknown = String(code.reversed())
    var texts: Set<String> = []
    for wrong in [code, unknown, "short", ""] {
      let refused = try page.signIn(#"{"code": "\#(wrong)"}"#)
      try assertRefused(refused, Self.own + "invalid-code")
      texts.insert(refused.text)
    }
    XCTAssertEqual(texts.count, 1, "the same answer")
    try assertRefused(page.signIn("{}"), Self.shlink + "missing-authentication")
    XCTAssertTrue(try page.isAnswered(200), "what failed has ended nothing")
  }

  func testASessionHasTheRightsAndTheLimitOfItsKey() throws {
    let limited = try tenant.key("reader", ["--scope", "read-only", "--rate-limit", "40"])
    let page = try OwnPage.signedIn(site, key: limited)
    XCTAssertEqual(
      try page.get(Self.path).json["may"].members.filter { try $0.value.isTrue }.keys.sorted(),
      ["orphanVisits", "read"])
    let made = try page.ask(
      "POST", "/rest/v3/short-urls", #"{"longUrl": "https://example.com/"}"#)
    XCTAssertEqual(made.status, 403, made.text)
    let statuses = try (0..<60).map { number in
      number % 2 == 0
        ? try page.get("/rest/v3/tags").status
        : try site.http.get("/rest/v3/visits", [("X-Api-Key", limited)]).status
    }
    XCTAssertEqual(Set(statuses), [200, 429], "both count together")
  }

  func testAKeyThatIsDisabledRotatedExpiredOrDeletedEndsItsSessions() throws {
    for (number, change) in [
      ["disable"], ["rotate"], ["edit", "--expires", "2020-01-01T00:00:00Z"], ["delete"],
    ].enumerated() {
      let name = "key\(number)"
      let page = try OwnPage.signedIn(site, key: tenant.key(name))
      XCTAssertTrue(try page.isAnswered(200))
      try KeyTenant.swiftlet(
        ["key", change[0], name, "--tenant", tenant.name] + change.dropFirst())
      XCTAssertTrue(try eventually(seconds: 30) { try page.isAnswered(401) }, "\(change)")
      try assertRefused(page.get("/rest/v3/tags"), Self.own + "session-ended")
      guard number == 0 else { continue }
      try KeyTenant.swiftlet(["key", "enable", name, "--tenant", tenant.name])
      XCTAssertEqual(try page.get("/rest/v3/tags").status, 401, "it doesn't come back")
    }
  }

  func testSessionsAreListedAndEndedByTheirOwnKey() throws {
    let page = try OwnPage.signedIn(site, key: key)
    var other = OwnPage(site)
    XCTAssertEqual(
      try other.http.request(
        "POST", Self.path,
        [
          ("Content-Type", "application/json"), ("X-Api-Key", key),
          ("User-Agent", String(repeating: "é", count: 300)),
        ], body: Array("{}".utf8)
      ).status, 201)
    let list = try page.get("/rest/v3/sessions").json["sessions"]["data"].elements
    XCTAssertEqual(try list.map { try $0["current"].isTrue }, [false, true])
    XCTAssertEqual(try list[0]["browser"].text, String(repeating: "é", count: 256))
    XCTAssertEqual(try list[0]["address"].text, "127.0.0.1")
    XCTAssertTrue(try list[1]["browser"].isNull)
    let stranger = try OwnPage.signedIn(site, key: tenant.key("stranger"))
    let target = "/rest/v3/sessions/\(try list[1]["id"].number)"
    XCTAssertEqual(try stranger.ask("DELETE", target).status, 404)
    XCTAssertEqual(try stranger.get("/rest/v3/sessions").json["sessions"]["data"].elements.count, 1)
    other.cookie = page.cookie
    XCTAssertEqual(try other.ask("DELETE", target).status, 204)
    XCTAssertTrue(try eventually(seconds: 30) { try page.isAnswered(401) })
    XCTAssertTrue(try stranger.isAnswered(200))
    var third = try OwnPage.signedIn(site, key: key)
    let replaced = third
    XCTAssertEqual(try third.signIn(key: key).status, 201)
    XCTAssertTrue(
      try eventually(seconds: 30) { try replaced.isAnswered(401) }, "one browser has one session")
    XCTAssertEqual(try third.ask("DELETE", Self.path + "?all=true").status, 204)
    XCTAssertTrue(try eventually(seconds: 30) { try third.isAnswered(401) })
  }

  func testAnswersAreAsDescribedAndKeptByNobody() throws {
    let description = try ServedDescription(site.http)
    var page = OwnPage(site)
    let sessions = "/rest/v3/sessions"
    for (method, path, target, body, status) in [
      ("POST", Self.path, Self.path, #"{"remember": 1}"#, 400),
      ("POST", Self.path, Self.path, #"{"x": true}"#, 400),
      ("POST", Self.path, Self.path, "[", 400),
      ("POST", Self.path, Self.path, #"{"code": "x"}"#, 401),
      ("POST", Self.path, Self.path, nil, 415), ("GET", Self.path, Self.path, nil, 401),
      ("DELETE", Self.path, Self.path, nil, 401), ("GET", sessions, sessions, nil, 401),
      ("POST", Self.path, Self.path, "{}", 201), ("GET", Self.path, Self.path, nil, 200),
      ("GET", sessions, sessions, nil, 200),
      ("DELETE", sessions + "/{id}", sessions + "/9999999999", nil, 404),
      ("DELETE", sessions + "/{id}", sessions + "/x", nil, 404),
      ("DELETE", Self.path, Self.path + "?all=maybe", nil, 400),
      ("DELETE", Self.path, Self.path, nil, 204),
    ] as [(String, String, String, String?, Int)] {
      let keys = status == 201 ? [("X-Api-Key", key)] : []
      let answer = try page.ask(method, target, body, keys)
      XCTAssertEqual(answer.status, status, "\(method) \(target): \(answer.text)")
      try description.assertDescribed(answer, of: description.operation(method, path))
      XCTAssertEqual(answer.all("cache-control"), ["no-store"], "\(method) \(target)")
      if let line = answer["set-cookie"] { page.cookie = String(line.prefix { $0 != ";" }) }
    }
    for target in ["/rest", "/rest/v3/nothing", "/rest/v3/tags", "/rest/health"] {
      for method in ["GET", "POST", "OPTIONS", "TRACE"] {
        let answer = try page.ask(method, target)
        XCTAssertEqual(answer.all("cache-control"), ["no-store"], "\(method) \(target)")
      }
    }
  }
}
