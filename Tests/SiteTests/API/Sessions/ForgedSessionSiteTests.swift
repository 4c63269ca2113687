import Foundation
import TestSupport
import XCTest

/// Requests with a good cookie that no page of the site's own has sent, and cookies that others have set.
final class ForgedSessionSiteTests: XCTestCase {
  private static let path = "/rest/v3/session"
  private var site: Site!
  private var tenant: KeyTenant!
  private var page: OwnPage!

  override func setUpWithError() throws {
    site = try Site()
    tenant = try KeyTenant()
    page = try OwnPage.signedIn(site, key: tenant.key("root"))
  }

  /// The header lines of forged requests.
  private var forgeries: [[(String, String)]] {
    let (mark, origin) = (OwnPage.mark, ("Origin", site.baseURL))
    return [
      [], [origin], [("Sec-Fetch-Site", "same-origin"), origin],
      [("X-Swiftlet-Page", "0"), origin],
      [("X-Swiftlet-Page", "1|"), origin], mark + [("Origin", "https://evil.example")],
      mark + [("Origin", "null")], mark + [("Origin", site.baseURL + ".evil.example")],
      mark + [("Origin", "http://localhost")], mark + [("Origin", site.baseURL + "|")],
      mark + [("Origin", site.baseURL.replacing("http:", with: "https:"))],
      mark + [("Sec-Fetch-Site", "cross-site"), origin],
      mark + [("Sec-Fetch-Site", "same-site"), origin],
      mark + [("Sec-Fetch-Site", "none"), origin],
      mark + [("Sec-Fetch-Site", "same-origin|"), origin],
      mark + [("Sec-Fetch-Site", "cross-site")],
    ]
  }

  private func stored() throws -> String {
    try Command.check(
      "/usr/bin/psql",
      [
        "-XAt", "-v", "ON_ERROR_STOP=1", "-c",
        """
        SELECT (SELECT count(*) FROM short_urls WHERE tenant = \(tenant.id)),
          string_agg(to_jsonb(k)::text, ' ' ORDER BY id),
          (SELECT string_agg(s.id::text, ' ') FROM sessions AS s JOIN api_keys AS o ON o.id = s.key
            WHERE o.tenant = \(tenant.id)),
          (SELECT count(*) FROM sign_in_codes AS c JOIN api_keys AS o ON o.id = c.key
            WHERE o.tenant = \(tenant.id))
        FROM (SELECT id, name, hash, disabled_at FROM api_keys WHERE tenant = \(tenant.id)) AS k
        """, TestStack.value("PG_DSN"),
      ])
  }

  func testAForgedRequestIsRefusedAndChangesNothing() throws {
    let code = try tenant.code("root")
    let before = try stored()
    let requests: [(String, String, String?)] = [
      ("GET", Self.path, nil), ("GET", "/rest/v3/short-urls", nil), ("GET", "/rest/v3/visits", nil),
      ("POST", "/rest/v3/short-urls", #"{"longUrl": "https://evil.example/"}"#),
      ("POST", "/rest/v3/api-keys", #"{"name": "evil"}"#), ("DELETE", Self.path, nil),
      ("DELETE", Self.path + "?all=true", nil), ("DELETE", "/rest/v3/visits/orphan", nil),
      ("POST", Self.path, #"{"code": "\#(code)"}"#),
      ("POST", "/rest/v1/session", #"{"code": "\#(code)"}"#),
      ("POST", "/rest/v3/%73ession", #"{"code": "\#(code)"}"#),
    ]
    for forged in forgeries {
      for (method, target, body) in requests {
        let answer = try page.send(method, target, body, forged)
        let note = "\(method) \(target) \(forged)"
        XCTAssertEqual(answer.status, 401, "\(note): \(answer.text)")
        XCTAssertEqual(
          try answer.json["type"].text, "https://shlink.io/api/error/missing-authentication", note)
        XCTAssertNil(answer["set-cookie"], note)
        XCTAssertNil(answer["access-control-allow-credentials"], note)
      }
    }
    XCTAssertEqual(try stored(), before)
    XCTAssertTrue(try page.isAnswered(200))
    XCTAssertEqual(try page.signIn(#"{"code": "\#(code)"}"#).status, 201, "the code is unused")
  }

  func testAFormOfAnotherSiteSignsNobodyIn() throws {
    let code = try tenant.code("root")
    let body = Array(#"{"code": "\#(code)", "x": "="}"#.utf8)
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
      for fields in [
        [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
        [("Origin", "null")],
      ] {
        let answer = try site.http.request(
          "POST", Self.path, [("Content-Type", type)] + fields, body: body)
        XCTAssertEqual(answer.status, 401, answer.text)
        XCTAssertNil(answer["set-cookie"])
      }
      let own = try site.http.request(
        "POST", Self.path, [("Content-Type", type), ("Origin", site.baseURL)] + OwnPage.mark,
        body: body)
      XCTAssertEqual(own.status, 415, own.text)
      XCTAssertNil(own["set-cookie"])
    }
    XCTAssertEqual(try page.signIn(#"{"code": "\#(code)"}"#).status, 201, "the code is unused")
  }

  func testOnlyTheSiteOfItsOwnCookieIsSignedIn() throws {
    let cookie = try XCTUnwrap(page.cookie)
    let value = cookie.dropFirst("swiftlet=".count)
    let other = String(repeating: "A", count: 43)
    for (sent, status) in [
      (cookie, 200), ("a=b; \(cookie)", 200), ("a=\"b\"; \(cookie); c", 200),
      ("a;\(cookie);b", 200),
      ("x\(cookie)", 401), ("a=\(cookie)", 401), ("__Host-\(cookie)", 401), ("\(cookie)A", 401),
      ("\(cookie).", 401), ("\(cookie.dropLast())", 401), ("swiftlet=\"\(value)\"", 401),
      ("swiftlet =\(value)", 401), ("SWIFTLET=\(value)", 401),
      // A neighbour has set another one: nobody can tell whose it is.
      ("swiftlet=\(other); \(cookie)", 401), ("\(cookie); swiftlet=\(other)", 401),
      ("\(cookie); swiftlet=", 401), ("swiftlet=x; a=b; \(cookie)", 401),
    ] {
      var asking = try XCTUnwrap(page)
      asking.cookie = sent
      XCTAssertEqual(try asking.get("/rest/v3/tags").status, status, sent)
    }
    let split = try site.http.get(
      "/rest/v3/tags", OwnPage.mark + [("Cookie", "a=b"), ("Cookie", cookie)])
    XCTAssertEqual(split.status, 200, split.text)
  }

  func testUnderHTTPSOnlyTheCookieOfTheHostCounts() throws {
    let cookie = try XCTUnwrap(page.cookie)
    let secure = try LimitedSite(["BASE_URL": "https://s.example:443", "LIMIT_REST": "0"])
    var asking = OwnPage(secure.http, origin: "https://s.example")
    for (sent, status) in [
      ("__Host-\(cookie)", 200), ("swiftlet=tossed; __Host-\(cookie)", 200),
      ("\(cookie); a=b", 401), ("__host-\(cookie)", 401),
      ("__Host-\(cookie); __Host-\(cookie)", 401),
      ("__Secure-\(cookie)", 401),
    ] {
      asking.cookie = sent
      XCTAssertEqual(try asking.get("/rest/v3/tags").status, status, sent)
    }
    asking.cookie = "__Host-\(cookie)"
    XCTAssertEqual(try asking.ask("DELETE", "/rest/v3/sessions/1").status, 404)
    let elsewhere = OwnPage(secure.http, origin: "http://s.example")
    XCTAssertEqual(try elsewhere.ask("DELETE", "/rest/v3/sessions/1").status, 401)
  }

  func testASessionIsCountedByNoAddressAndASignInIs() throws {
    let limited = try LimitedSite(["LIMIT_REST": "1", "BASE_URL": site.baseURL])
    var asking = OwnPage(limited.http, origin: site.baseURL)
    asking.cookie = page.cookie
    for _ in 0..<150 { XCTAssertEqual(try asking.get("/rest/v3/tags").status, 200) }
    // What is no session for a worker counts: a cookie that no page of the site's own has sent.
    let strangers = try (0..<150).map { _ in
      try asking.send("GET", "/rest/v3/tags", nil, []).status
    }
    XCTAssertEqual(Set(strangers), [401, 429])
    let second = try LimitedSite(["LIMIT_REST": "1", "BASE_URL": site.baseURL])
    var guessing = OwnPage(second.http, origin: site.baseURL)
    guessing.cookie = page.cookie
    let guesses = try (0..<150).map { _ in
      try guessing.ask("POST", Self.path, #"{"code": "x"}"#, []).status
    }
    XCTAssertEqual(Set(guesses), [401, 429])
    let refused = try guessing.ask("POST", Self.path, "{}", [("X-Api-Key", "wrong")])
    XCTAssertEqual(refused.status, 429)
    XCTAssertNotNil(refused["retry-after"])
  }
}
