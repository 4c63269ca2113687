import API
import EngineSupport
import Foundation
import JSON
import TestSupport
import Web
import XCTest

/// A tenant with one of everything: a link with a tag, a title, a revision and a visit, a domain and keys.
struct TenantEstate {
  /// In the names by which others may ask: the slug, the domain, a tag.
  let known = "known\(UInt32.random(in: 0...UInt32.max))"
  /// In all else.
  let secret = "secret\(UInt32.random(in: 0...UInt32.max))"
  private let tenant: KeyTenant
  private let key: String
  private let keyID: String
  private let sessionID: String
  private let link = Int64.random(in: 1..<1 << 40)
  private let site: Site

  init(_ site: Site) throws {
    self.site = site
    tenant = try KeyTenant()
    key = try tenant.key(secret)
    keyID = try Self.ask("SELECT id FROM api_keys WHERE tenant = \(tenant.id)")
    sessionID = try Self.ask(
      """
      INSERT INTO sign_in_codes (hash, key, expires_at)
        VALUES (sha256('\(secret)'), \(keyID), now() + interval '1 day');
      INSERT INTO sessions (key, hash, ends_at, expires_at, browser)
        VALUES (\(keyID), sha256('\(secret)'), now() + interval '1 day', now() + interval '1 day', '\(secret)')
        RETURNING id
      """)
    _ = try Self.ask(
      """
      INSERT INTO domains (authority, tenant, regular_404_redirect)
        VALUES ('\(known).test', \(tenant.id), 'https://\(secret).example/');
      INSERT INTO tags (tenant, name) VALUES (\(tenant.id), '\(known)'), (\(tenant.id), '\(secret)');
      INSERT INTO short_urls (snowflake_id, short_code, original_url, title, tenant, author)
        VALUES (\(link), '\(known)', 'https://\(secret).example/', '\(secret)', \(tenant.id), \(keyID));
      INSERT INTO short_url_tags SELECT \(link), id FROM tags WHERE tenant = \(tenant.id);
      INSERT INTO short_url_revisions (link, number, original_url)
        VALUES (\(link), 0, 'https://\(secret).example/before')
      """)
    let click = try site.http.get("/\(known)", [("Referer", "https://\(secret).example/")])
    XCTAssertEqual(click.status, 301, click.text)
    XCTAssertTrue(try eventually(seconds: 60) { try hasVisit() }, "the visit isn't stored")
  }

  /// Whether its visit is there for its own key.
  func hasVisit() throws -> Bool {
    let answer = try site.http.get(
      "/rest/v3/short-urls/\(known)/visits", [("X-Api-Key", key)])
    return answer.status == 200 && answer.text.contains(secret)
  }

  /// All its rows in PostgreSQL, but for when a key was last used and what the dispatcher writes.
  func stored() throws -> String {
    try Self.ask(
      """
      SELECT to_jsonb(t) - 'title_wanted' FROM short_urls t WHERE tenant = \(tenant.id) ORDER BY 1;
      SELECT to_jsonb(t) FROM tags t WHERE tenant = \(tenant.id) ORDER BY 1;
      SELECT to_jsonb(t) FROM short_url_tags t WHERE link = \(link) ORDER BY 1;
      SELECT to_jsonb(t) FROM short_url_revisions t WHERE link = \(link) ORDER BY 1;
      SELECT to_jsonb(t) FROM domains t WHERE tenant = \(tenant.id) ORDER BY 1;
      SELECT to_jsonb(t) FROM sessions t WHERE key = \(keyID) ORDER BY 1;
      SELECT to_jsonb(t) FROM sign_in_codes t WHERE key = \(keyID) ORDER BY 1;
      SELECT to_jsonb(t) - 'last_used_at' FROM api_keys t WHERE tenant = \(tenant.id) ORDER BY 1
      """)
  }

  /// Requests of an operation for what the tenant has: by the path, by each parameter, by each member of the
  /// body.
  func requests(for operation: OperationDescription) -> [MadeRequest] {
    let path = operation.route.path.names.reduce(operation.route.path.description) { path, name in
      path.replacing(
        "{\(name)}", with: operation.topic == .sessions ? sessionID : value(of: name))
    }
    var requests: [MadeRequest] = []
    let example = MadeRequest(exampleOf: operation)
    for body in bodies(operation) ?? [example.body ?? []] {
      requests.append(MadeRequest(method: operation.route.method, target: path, body: body))
      for field in operation.fields where field.place == .query {
        let name = field.isList ? field.name + "[]" : field.name
        requests.append(
          MadeRequest(
            method: operation.route.method, target: "\(path)?\(name)=\(value(of: field.name))",
            body: body))
      }
    }
    return requests
  }

  /// The example, and it with each text replaced by a name of the tenant's; nil without a body.
  private func bodies(_ operation: OperationDescription) -> [[UInt8]]? {
    let members = operation.fields.filter { $0.place == .body }
      .map { JSONObject.Member($0.name, $0.example) }
    guard !members.isEmpty else { return nil }
    let replaced = members.indices.filter { members[$0].value.string != nil }.map { index in
      var members = members
      members[index] = .init(members[index].key, .string(value(of: members[index].key)))
      return members
    }
    return ([members] + replaced).map { members in
      var json = JSONWriter()
      json.value(.object(JSONObject(members)))
      return json.bytes
    }
  }

  /// What the tenant has by the name of a parameter.
  private func value(of name: String) -> String {
    switch name {
    case "id": keyID
    case "domain": known + ".test"
    case "longUrl", "original_url": "https://\(known).example/"
    case "page": "1"
    // Enough for what other tests have made: some lists begin with the oldest.
    case "itemsPerPage": "1000"
    default: known
    }
  }

  private static func ask(_ statements: String) throws -> String {
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", statements, TestStack.value("PG_DSN")]
    ).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
