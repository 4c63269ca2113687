import Foundation
import TestSupport
import XCTest

/// Links through the REST API, from their making to their deletion, as clients of Shlink ask for it.
final class ShortURLSiteTests: XCTestCase {
  private func slug() -> String { "s-" + UUID().uuidString.lowercased() }

  /// Waits until no worker answers otherwise: well before their memory would end by itself.
  private func waitUntilEveryWorkerAnswers(
    _ keyed: KeyedSite, _ code: String, _ status: Int, _ location: String? = nil,
    line: UInt = #line
  ) throws {
    var last = ""
    let isSeen = try eventually(seconds: 20) {
      try (0..<40).allSatisfy { _ in
        let answer = try keyed.site.http.get("/" + code)
        last = "\(answer.status) \(answer["location"] ?? "")"
        return answer.status == status && answer["location"] == location
      }
    }
    XCTAssertTrue(isSeen, "some worker answers \(last)", line: line)
  }

  func testALinkLeadsWhereItsHolderSaysFromItsMakingToItsRestoration() throws {
    let keyed = try KeyedSite()
    let slug = slug()
    // All workers know that there is no such link.
    try waitUntilEveryWorkerAnswers(keyed, slug, 404)
    let made = try keyed.request(
      "POST", "/short-urls",
      #"{"longUrl":"https://example.com/1","customSlug":"\#(slug)","tags":["Site test"]}"#)
    XCTAssertEqual(made.status, 200, made.text)
    XCTAssertEqual(try made.json["shortCode"].text, slug)
    XCTAssertEqual(try made.json["shortUrl"].text, keyed.site.baseURL + "/" + slug)
    XCTAssertEqual(try made.json["tags"].elements.map { try $0.text }, ["site-test"])
    try waitUntilEveryWorkerAnswers(keyed, slug, 301, "https://example.com/1")
    let path = "/short-urls/" + slug
    let edited = try keyed.request("PATCH", path, #"{"longUrl":"https://example.com/2"}"#)
    XCTAssertEqual(edited.status, 200, edited.text)
    try waitUntilEveryWorkerAnswers(keyed, slug, 301, "https://example.com/2")
    XCTAssertEqual(
      try keyed.request("PATCH", path, #"{"validUntil":"2020-01-01T00:00:00+00:00"}"#).status, 200)
    try waitUntilEveryWorkerAnswers(keyed, slug, 410)
    XCTAssertEqual(try keyed.request("GET", path).status, 200, "it is there all the same")
    XCTAssertEqual(try keyed.request("PATCH", path, #"{"validUntil":null}"#).status, 200)
    try waitUntilEveryWorkerAnswers(keyed, slug, 301, "https://example.com/2")
    for _ in 1...2 {
      let deleted = try keyed.request("DELETE", path)
      XCTAssertEqual(deleted.status, 204)
      XCTAssertEqual(deleted.text, "")
    }
    try waitUntilEveryWorkerAnswers(keyed, slug, 410)
    XCTAssertEqual(try keyed.request("GET", path).status, 404)
    let restored = try keyed.request("POST", path + "/restore")
    XCTAssertEqual(restored.status, 200, restored.text)
    XCTAssertEqual(try restored.json["longUrl"].text, "https://example.com/2")
    try waitUntilEveryWorkerAnswers(keyed, slug, 301, "https://example.com/2")
    XCTAssertEqual(try keyed.request("DELETE", path).status, 204)
  }

  func testWhatIsWrongIsAnsweredInShlinksWords() throws {
    let keyed = try KeyedSite()
    let (slug, unknown) = (slug(), "/short-urls/" + slug())
    let body = #"{"longUrl":"https://example.com/","customSlug":"\#(slug)"}"#
    XCTAssertEqual(try keyed.request("POST", "/short-urls", body).status, 200)
    for (method, path, body, status, type, members) in [
      ("POST", "/short-urls", body, 400, "non-unique-slug", ["customSlug": slug]),
      ("POST", "/short-urls", "[", 400, "malformed-request-body", [:]),
      ("POST", "/short-urls", "[]", 400, "malformed-request-body", [:]),
      ("POST", "/short-urls", "{}", 400, "invalid-data", [:]),
      ("POST", "/short-urls", #"{"longUrl":"foo.com"}"#, 400, "invalid-data", [:]),
      (
        "GET", unknown, nil, 404, "short-url-not-found",
        ["shortCode": String(unknown.dropFirst(12))]
      ),
      ("PATCH", unknown, "{}", 404, "short-url-not-found", [:]),
      ("DELETE", unknown, nil, 404, "short-url-not-found", [:]),
      ("POST", unknown + "/restore", nil, 404, "short-url-not-found", [:]),
      (
        "GET", "/short-urls/\(slug)?domain=other.example", nil, 404, "short-url-not-found",
        ["domain": "other.example"]
      ),
      ("PUT", unknown, "{}", 404, "not-found", [:]),
    ] as [(String, String, String?, Int, String, [String: String])] {
      let answer = try keyed.request(method, path, body)
      let note = "\(method) \(path) \(body ?? "") \(answer.text)"
      XCTAssertEqual(answer.status, status, note)
      XCTAssertEqual(try answer.json["type"].text, "https://shlink.io/api/error/" + type, note)
      for (name, value) in members { XCTAssertEqual(try answer.json[name].text, value, note) }
    }
    for version in ["v1", "v2", "v3"] {
      let answer = try keyed.site.http.get("/rest/\(version)/short-urls/" + slug)
      XCTAssertEqual(answer.status, 401, "without a key")
    }
    let free = try keyed.request("GET", "/short-urls/availability?slug=\(slug)")
    XCTAssertEqual(try free.json["status"].text, "taken")
    XCTAssertEqual(try keyed.request("DELETE", "/short-urls/" + slug).status, 204)
  }
}
