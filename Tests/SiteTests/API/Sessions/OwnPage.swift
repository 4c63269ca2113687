import Foundation
import TestSupport
import XCTest

/// A browser that shows a page of the site's own: what it sends, and the cookie that it keeps.
struct OwnPage {
  let http: HTTPClient
  let origin: String
  /// As the browser sends it; nil before it has signed in.
  var cookie: String?

  init(_ site: Site) {
    (http, origin) = (site.http, site.baseURL)
  }

  init(_ http: HTTPClient, origin: String) {
    (self.http, self.origin) = (http, origin)
  }

  /// What every request of the page has.
  static let mark = [("X-Swiftlet-Page", "1")]

  func get(_ target: String) throws -> HTTPClient.Answer { try ask("GET", target) }

  /// The answer to a request of the page.
  func ask(
    _ method: String, _ target: String, _ json: String? = nil, _ fields: [(String, String)] = []
  ) throws -> HTTPClient.Answer {
    let own = Self.mark + [("Sec-Fetch-Site", "same-origin")]
    let writing = method == "GET" ? [] : [("Origin", origin)]
    return try send(method, target, json, own + writing + fields)
  }

  /// The answer to a request with the cookie, whoever has sent it.
  func send(
    _ method: String, _ target: String, _ json: String? = nil, _ fields: [(String, String)]
  ) throws -> HTTPClient.Answer {
    let type = json == nil ? [] : [("Content-Type", "application/json")]
    return try http.request(
      method, target, type + (cookie.map { [("Cookie", $0)] } ?? []) + fields,
      body: json.map { Array($0.utf8) })
  }

  /// Signs in, and keeps the cookie.
  mutating func signIn(_ json: String = "{}", key: String? = nil) throws -> HTTPClient.Answer {
    let answer = try ask(
      "POST", "/rest/v3/session", json, key.map { [("X-Api-Key", $0)] } ?? [])
    let line = answer["set-cookie"] ?? ""
    if !line.isEmpty { cookie = String(line.prefix { $0 != ";" }) }
    return answer
  }

  /// One that has signed in by a key.
  static func signedIn(_ site: Site, key: String) throws -> OwnPage {
    var page = OwnPage(site)
    let answer = try page.signIn(key: key)
    XCTAssertEqual(answer.status, 201, answer.text)
    return page
  }

  /// Whether every worker of both pools answers it by a status.
  func isAnswered(_ status: Int) throws -> Bool {
    for _ in 0..<20 {
      for target in ["/rest/v3/short-urls", "/rest/v3/visits"] {
        guard try get(target).status == status else { return false }
      }
    }
    return true
  }
}

extension KeyTenant {
  /// A code of one of its keys.
  func code(_ key: String) throws -> String {
    try JSONAnswer(Self.swiftlet(["key", "sign-in", key, "--tenant", name, "--json"]))["code"].text
  }
}
