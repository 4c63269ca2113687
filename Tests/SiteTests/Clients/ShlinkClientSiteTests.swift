import Foundation
import TestSupport
import XCTest

/// Published clients of Shlink's API, unchanged, against the site.
final class ShlinkClientSiteTests: XCTestCase {
  private static let firefox =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

  /// What each call of a client gave.
  private func answers(of client: String, _ site: Site, _ arguments: [String] = []) throws
    -> JSONAnswer
  {
    let key = try JSONAnswer(
      Command.check(
        TestStack.programs.appendingPathComponent("swiftlet").path,
        ["key", "create", "\(client)-\(UUID().uuidString)", "--json"]))["key"].text
    return try JSONAnswer(
      Command.check(
        try TestStack.value("SHLINK_CLIENTS") + "/\(client)/bin/python",
        [Repository.url("Tests/Clients/\(client).py").path, site.baseURL, key] + arguments))
  }

  func testPyShlinkWorksUnchanged() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/by-people")
    for agent in [Self.firefox, "curl/8.14"] {
      XCTAssertEqual(try site.http.get("/\(code)", [("User-Agent", agent)]).status, 301)
    }
    _ = try site.stats(code, clicks: 2)

    let answers = try answers(of: "pyshlink", site, [code])
    XCTAssertEqual(try answers["found"]["shortCode"].text, code)
    XCTAssertEqual(try answers["found"]["longUrl"].text, "https://example.com/by-people")
    XCTAssertFalse(try answers["listed"]["shortUrls"]["data"].elements.isEmpty)
    let visits = try answers["visits"]["visits"]
    XCTAssertEqual(try visits["data"].elements.map { try $0["userAgent"].text }, [Self.firefox])
    XCTAssertEqual(try visits["pagination"]["totalItems"].number, 1)
    XCTAssertEqual(try answers["all"]["visits"]["pagination"]["totalItems"].number, 2)
    XCTAssertEqual(
      try answers["missing"]["type"].text, "https://shlink.io/api/error/short-url-not-found")
    XCTAssertEqual(
      try answers["refused"]["type"].text, "https://shlink.io/api/error/invalid-api-key")
  }

  func testMCPShlinkWorksUnchanged() throws {
    let answers = try answers(of: "mcp-shlink", try Site())
    for name in ["created", "found", "listed", "tags", "deleted"] {
      let answer = try answers[name]
      XCTAssertEqual(try answer["failed"].isTrue, false, "\(name): \(answer)")
    }
    let created = try JSONAnswer(try answers["created"]["text"].text)
    XCTAssertEqual(try created["tags"].texts.sorted(), ["by-mcp", "spring"])
    XCTAssertTrue(try created["short_code"].text.hasPrefix("by-mcp-"))
    let found = try JSONAnswer(try answers["found"]["text"].text)
    XCTAssertEqual(try found["meta"]["maxVisits"].number, 7)
    XCTAssertEqual(try found["meta"]["validUntil"].text, "2099-01-01T00:00:00+00:00")
    XCTAssertTrue(try answers["listed"]["text"].text.contains(try created["short_code"].text))
    XCTAssertEqual(try answers["missing"]["failed"].isTrue, true)
  }
}
