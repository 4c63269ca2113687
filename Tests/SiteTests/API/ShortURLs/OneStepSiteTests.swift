import Foundation
import TestSupport
import XCTest

/// `GET /rest/v3/short-urls/shorten`: a link by a URL alone, with the key as a parameter.
final class OneStepSiteTests: XCTestCase {
  private static let path = "/rest/v3/short-urls/shorten"

  func testALinkIsMadeByOneGET() throws {
    let keyed = try KeyedSite()
    var made: Set<String> = []
    for version in ["v1", "v2", "v3", "v3"] {
      let answer = try keyed.site.http.get(
        "/rest/\(version)/short-urls/shorten?apiKey=\(keyed.key)&longUrl=https%3A%2F%2Fe.org%2Fa%3Fb"
      )
      XCTAssertEqual(answer.status, 200, answer.text)
      XCTAssertEqual(try answer.json["longUrl"].text, "https://e.org/a?b")
      XCTAssertEqual(answer["cache-control"], "no-store")
      let code = try answer.json["shortCode"].text
      made.insert(code)
      XCTAssertEqual(try keyed.site.http.get("/" + code)["location"], "https://e.org/a?b")
    }
    XCTAssertEqual(made.count, 4, "a request made no link of its own")
  }

  func testTheShortURLAloneIsAnsweredAsText() throws {
    let keyed = try KeyedSite()
    let wanted = Self.path + "?longUrl=https://e.org/&apiKey=" + keyed.key
    for (query, accept, isText) in [
      ("&format=txt", nil, true), ("&format=TXT", "application/json", true),
      ("", "text/plain", true), ("", "Text/Plain;q=0.5, application/json", true),
      ("", nil, false), ("", "application/json, text/plain", false), ("", "*/*", false),
      ("&format=json", "text/plain", false), ("&format=", "text/plain", false),
    ] as [(String, String?, Bool)] {
      let answer = try keyed.site.http.get(wanted + query, accept.map { [("Accept", $0)] } ?? [])
      let note = "\(query) \(accept ?? "nothing"): \(answer.text)"
      XCTAssertEqual(answer.status, 200, note)
      guard isText else {
        XCTAssertEqual(answer["content-type"], "application/json", note)
        continue
      }
      XCTAssertEqual(answer["content-type"], "text/plain", note)
      XCTAssertEqual(answer["cache-control"], "no-store", note)
      XCTAssertTrue(answer.text.hasPrefix(keyed.site.baseURL + "/"), note)
      let code = answer.text.dropFirst(keyed.site.baseURL.count)
      XCTAssertEqual(try keyed.site.http.get(String(code))["location"], "https://e.org/")
    }
  }

  func testWhatIsWrongIsAnsweredAsAProblemWhateverTheFormat() throws {
    let keyed = try KeyedSite()
    let key = "&apiKey=" + keyed.key
    for (query, status, type) in [
      ("longUrl=https://e.org/", 401, "missing-authentication"),
      ("longUrl=https://e.org/&apiKey=", 401, "invalid-api-key"),
      ("longUrl=https://e.org/&apiKey=wrong", 401, "invalid-api-key"),
      (key, 400, "invalid-data"), ("longUrl=" + key, 400, "invalid-data"),
      ("longUrl=e.org" + key, 400, "invalid-data"),
      ("longUrl=javascript:1" + key, 400, "invalid-data"),
      ("longUrl=https://e.org/%00" + key, 400, "invalid-data"),
      (
        "longUrl=https://e.org/&format=" + String(repeating: "x", count: 17) + key, 400,
        "invalid-data"
      ), ("longUrl=https://e.org/&format=xml" + key, 400, "invalid-data"),
    ] {
      let answer = try keyed.site.http.get("\(Self.path)?\(query)", [("Accept", "text/plain")])
      XCTAssertEqual(answer.status, status, query)
      XCTAssertEqual(answer["content-type"], "application/problem+json", query)
      XCTAssertEqual(try answer.json["type"].text, "https://shlink.io/api/error/" + type, query)
    }
  }

  /// A link checker or a browser that guesses the next page must not make links.
  func testHEADAndAPrefetchMakeNoLink() throws {
    let keyed = try KeyedSite()
    let url = "https://e.org/\(UUID().uuidString)"
    let target = "\(Self.path)?longUrl=\(url)&apiKey=\(keyed.key)"
    let head = try keyed.site.http.request("HEAD", target)
    XCTAssertEqual(head.status, 405)
    XCTAssertEqual(head["allow"], "GET")
    for field in [
      ("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"),
      ("X-Moz", "prefetch"),
    ] {
      let answer = try keyed.site.http.get(target, [field])
      XCTAssertEqual(answer.status, 403, field.0)
      XCTAssertEqual(answer["content-type"], "application/problem+json", field.0)
      XCTAssertTrue(answer.text.contains("A prefetch changes nothing here"), answer.text)
    }
    func links() throws -> Int {
      let list = try keyed.request("GET", "/short-urls?searchTerm=" + url)
      return try list.json["shortUrls"]["data"].elements.count
    }
    XCTAssertEqual(try links(), 0)
    XCTAssertEqual(try keyed.site.http.get(target).status, 200)
    XCTAssertEqual(try links(), 1)
  }

  /// By the workers' own logins: one that may not read the list of domains would refuse nothing.
  func testNoWayToMakeALinkTakesAURLOfAnotherDomainOfTheSite() throws {
    let keyed = try KeyedSite()
    let domain = "d\(UUID().uuidString.prefix(8).lowercased()).example"
    let made = try keyed.request(
      "POST", "/short-urls", #"{"longUrl":"https://e.org/","domain":"\#(domain)"}"#)
    XCTAssertEqual(made.status, 200, made.text)
    let (http, url) = (keyed.site.http, "https://\(domain)/x")
    func statuses() throws -> [Int] {
      [
        try keyed.request("POST", "/short-urls", #"{"longUrl":"\#(url)"}"#).status,
        try http.get("\(Self.path)?longUrl=\(url)&apiKey=\(keyed.key)").status,
        try http.post("/shorten", json: #"{"original_url":"\#(url)"}"#).status,
      ]
    }
    // Each worker hears of a new domain within a second; there are some.
    var last: [Int] = []
    let areRefused = try eventually(seconds: 60) {
      try (0..<20).allSatisfy { _ in
        last = try statuses()
        return last == [400, 400, 422]
      }
    }
    XCTAssertTrue(areRefused, "\(last)")
  }

  func testALinkLeadsToAnotherScheme() throws {
    let keyed = try KeyedSite()
    let made = try keyed.request("POST", "/short-urls", #"{"longUrl":"mailto:a@example.org"}"#)
    XCTAssertEqual(made.status, 200, made.text)
    let code = try made.json["shortCode"].text
    for _ in 0..<20 {
      let answer = try keyed.site.http.get("/\(code)?subject=x")
      XCTAssertEqual(answer.status, 301)
      XCTAssertEqual(answer["location"], "mailto:a@example.org?subject=x")
    }
    XCTAssertEqual(
      try keyed.site.http.request(
        "POST", "/shorten", [("Content-Type", "application/json"), ("X-Api-Key", keyed.key)],
        body: Array(#"{"original_url":"mailto:a@example.org"}"#.utf8)
      ).status, 422)
  }
}
