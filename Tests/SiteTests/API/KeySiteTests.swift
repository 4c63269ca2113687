import Foundation
import TestSupport
import XCTest

/// API keys through nginx, from their making to their end.
final class KeySiteTests: XCTestCase {
  private static let path = "/rest/v3/api-keys"
  private var site: Site!
  private var tenant: KeyTenant!
  private var root = ""

  override func setUpWithError() throws {
    site = try Site()
    tenant = try KeyTenant()
    root = try tenant.key("root")
  }

  private func ask(
    _ method: String, _ target: String, _ body: String? = nil, by key: String? = nil
  ) throws -> HTTPClient.Answer {
    try site.http.request(
      method, target, [("X-Api-Key", key ?? root), ("Content-Type", "text/plain")],
      body: body.map { Array($0.utf8) })
  }

  private func make(_ body: String, by key: String? = nil) throws -> JSONAnswer {
    let answer = try ask("POST", Self.path, body, by: key)
    XCTAssertEqual(answer.status, 200, answer.text)
    return try answer.json
  }

  /// Whether every worker answers requests of a key by this status.
  private func isAnswered(_ status: Int, _ key: String) throws -> Bool {
    for _ in 0..<40 {
      guard try ask("GET", "/rest/v3/short-urls", by: key).status == status else { return false }
    }
    return true
  }

  func testAKeyIsGoodAtOnceAndADisabledOneNowhere() throws {
    let made = try make(#"{"name": "client"}"#)
    let (key, id) = (try made["key"].text, try made["id"].number)
    XCTAssertTrue(try isAnswered(200, key))
    let bearer = try site.http.get(
      "/rest/v3/short-urls", [("Authorization", "Bearer \(key)")])
    XCTAssertEqual(bearer.status, 200, bearer.text)
    XCTAssertEqual(try ask("PATCH", "\(Self.path)/\(id)", #"{"enabled": false}"#).status, 200)
    XCTAssertTrue(try eventually(seconds: 30) { try isAnswered(401, key) })
    let refused = try ask("GET", "/rest/v3/short-urls", by: key)
    XCTAssertEqual(
      try refused.json["type"].text, "https://shlink.io/api/error/invalid-api-key")
    XCTAssertEqual(refused["www-authenticate"], "Bearer")
    XCTAssertEqual(try ask("PATCH", "\(Self.path)/\(id)", #"{"enabled": true}"#).status, 200)
    XCTAssertTrue(try isAnswered(200, key), "what was refused isn't remembered")
    XCTAssertEqual(
      try ask("PATCH", "\(Self.path)/\(id)", #"{"expiresAt": "2020-01-01T00:00:00Z"}"#).status, 200)
    XCTAssertTrue(try eventually(seconds: 30) { try isAnswered(401, key) })
    XCTAssertEqual(try ask("DELETE", "\(Self.path)/\(id)").status, 204)
    XCTAssertEqual(try ask("DELETE", "\(Self.path)/\(id)").status, 404)
  }

  func testARotatedKeyHasAnotherSecret() throws {
    let made = try make(#"{"name": "client"}"#)
    let (old, id) = (try made["key"].text, try made["id"].number)
    XCTAssertTrue(try isAnswered(200, old))
    let rotated = try ask("POST", "\(Self.path)/\(id)/rotate")
    XCTAssertEqual(rotated.status, 200, rotated.text)
    let new = try rotated.json["key"].text
    XCTAssertTrue(try isAnswered(200, new))
    XCTAssertTrue(try eventually(seconds: 30) { try isAnswered(401, old) })
    let shown = try ask("GET", "\(Self.path)/\(id)")
    XCTAssertFalse(shown.text.contains(new))
    XCTAssertEqual(try shown.json["prefix"].text, String(new.prefix(12)))
  }

  func testTheLastUseOfAKeyIsTold() throws {
    let made = try make(#"{"name": "client"}"#)
    let id = try made["id"].number
    XCTAssertTrue(try made["lastUsedAt"].isNull)
    XCTAssertTrue(try isAnswered(200, made["key"].text))
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try !ask("GET", "\(Self.path)/\(id)").json["lastUsedAt"].isNull
      })
  }

  func testAnswersAreAsDescribed() throws {
    let description = try ServedDescription(site.http)
    let all = """
      {"name": "all", "roles": [{"role": "AUTHORED_SHORT_URLS"}, {"role": "NO_ORPHAN_VISITS"}, \
      {"role": "DOMAIN_SPECIFIC", "domain": "DEFAULT"}], "scopes": ["read-only", "any-scheme"], \
      "expiresAt": "2031-01-01T00:00:00Z", "rateLimit": 1000}
      """
    let made = try ask("POST", Self.path, all)
    try description.assertDescribed(made, of: description.operation("POST", Self.path))
    let id = try made.json["id"].number
    for (method, path, body, status) in [
      ("GET", Self.path, nil, 200), ("POST", Self.path, all, 409), ("POST", Self.path, "{}", 400),
      ("POST", Self.path, "[", 400), ("GET", Self.path + "/{id}", nil, 200),
      ("PATCH", Self.path + "/{id}", #"{"name": "other", "scopes": []}"#, 200),
      ("PATCH", Self.path + "/{id}", #"{"name": "root"}"#, 409),
      ("PATCH", Self.path + "/{id}", #"{"rateLimit": -1}"#, 400),
      ("POST", Self.path + "/{id}/rotate", nil, 200), ("DELETE", Self.path + "/{id}", nil, 204),
      ("GET", Self.path + "/{id}", nil, 404), ("GET", "/rest/v3/tenants", nil, 403),
    ] as [(String, String, String?, Int)] {
      let answer = try ask(method, path.replacing("{id}", with: "\(id)"), body)
      XCTAssertEqual(answer.status, status, "\(method) \(path): \(answer.text)")
      try description.assertDescribed(answer, of: description.operation(method, path))
    }
    for id in ["0", "-1", "x", "99999999999999999999", "1e3", "%31x"] {
      let answer = try ask("GET", "\(Self.path)/\(id)")
      XCTAssertEqual(answer.status, 404, id)
      XCTAssertEqual(
        try answer.json["type"].text, "urn:problem-type:swiftlet:api-key-not-found", id)
    }
  }

  func testTheLastKeyWithAllRightsCanNotBeTakenAwayByTheAPI() throws {
    let id = try ask("GET", Self.path).json["apiKeys"]["data"].elements[0]["id"].number
    for (method, body) in [
      ("DELETE", nil), ("PATCH", #"{"enabled": false}"#), ("PATCH", #"{"scopes": ["admin"]}"#),
    ] as [(String, String?)] {
      let answer = try ask(method, "\(Self.path)/\(id)", body)
      XCTAssertEqual(answer.status, 403, answer.text)
      assertProblem(answer, 403)
    }
    try KeyTenant.swiftlet(["key", "delete", "root", "--tenant", tenant.name])
    XCTAssertTrue(try eventually(seconds: 30) { try isAnswered(401, root) })
  }

  func testTenantsAreMadeByKeysOfTheDefaultTenant() throws {
    let name = "default-root-\(UInt64.random(in: 0...UInt64.max))"
    let key = try KeyTenant.swiftlet(["key", "create", name])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    defer { _ = try? KeyTenant.swiftlet(["key", "delete", name]) }
    let description = try ServedDescription(site.http)
    let path = "/rest/v3/tenants"
    for (method, target, route, body, status) in [
      ("POST", path, path, #"{"name": "\#(name)"}"#, 200),
      ("POST", path, path, #"{"name": "\#(name)"}"#, 409), ("POST", path, path, "{}", 400),
      ("GET", path + "?itemsPerPage=1", path, nil, 200),
      ("DELETE", "\(path)/\(tenant.name)", path + "/{name}", nil, 409),
      ("DELETE", "\(path)/\(name)", path + "/{name}", nil, 204),
      ("DELETE", "\(path)/\(name)", path + "/{name}", nil, 404),
    ] as [(String, String, String, String?, Int)] {
      let answer = try ask(method, target, body, by: key)
      XCTAssertEqual(answer.status, status, "\(method) \(target): \(answer.text)")
      try description.assertDescribed(answer, of: description.operation(method, route))
    }
  }
}
