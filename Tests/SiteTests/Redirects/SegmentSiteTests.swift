import Foundation
import TestSupport
import XCTest

/// Slugs of several segments, where the installation lets them be.
final class SegmentSiteTests: XCTestCase {
  private var stack: PrivateStack!
  private var key = ""

  override func setUpWithError() throws {
    var stack = try PrivateStack(
      "segments",
      [
        "MULTI_SEGMENT_SLUGS": "1", "FAST_PATH": "1", "SHORTENER_WORKERS": "2",
        "SHORTENER_API_WORKERS": "2", "ANALYTICS_WORKERS": "2", "LIMIT_UNKNOWN": "0",
      ])
    stack.variables["BASE_URL"] = "http://localhost:\(stack.http.port)"
    try stack.up()
    self.stack = stack
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let environment = try stack.environment()
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let run = try Command.run(program, ["key", "create", "segments"], environment: environment)
        key = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return run.status == 0
      })
  }

  override func tearDownWithError() throws { try stack?.remove() }

  private func ask(
    _ method: String, _ path: String, _ body: String? = nil
  ) throws -> HTTPClient.Answer {
    try stack.http.request(
      method, "/rest/v3/short-urls" + path, [("X-Api-Key", key)], body: body.map { Array($0.utf8) })
  }

  private func make(_ members: String) throws -> HTTPClient.Answer {
    try ask("POST", "", #"{"longUrl":"https://example.com/x",\#(members)}"#)
  }

  func testASlugOfSeveralSegmentsIsMadeFollowedAndManaged() throws {
    let slug = "news/2026/sale"
    let made = try make(#""customSlug":"\#(slug)""#)
    XCTAssertEqual(made.status, 200, made.text)
    XCTAssertEqual(try made.json["shortCode"].text, slug)
    XCTAssertTrue(try made.json["shortUrl"].text.hasSuffix("/" + slug))
    try assertFollowed(slug)
    try assertManaged(slug)
    XCTAssertEqual(try ask("DELETE", "/" + slug).status, 204)
    XCTAssertTrue(
      try eventually(seconds: 20) {
        try (0..<8).allSatisfy { _ in try stack.http.get("/" + slug).status == 410 }
      })
    try assertOthersAreRefused()
  }

  /// By workers and by nginx's fast path, which answers once it has met the link.
  private func assertFollowed(_ slug: String) throws {
    for path in ["/" + slug, "/" + slug + "?a=b", "/\(slug)/", "/\(slug).", "/news/2026/s%61le"] {
      for _ in 0..<4 {
        let answer = try stack.http.get(path)
        XCTAssertEqual(answer.status, 301, path)
        XCTAssertTrue(answer["location"]?.hasPrefix("https://example.com/x") == true, path)
      }
    }
    for path in [
      "/news", "/news/2026", "/news/2026/sale/2", "/news//2026/sale", "//news/2026/sale",
      "/news%2F2026%2Fsale", "/news/./2026/sale", "/a/../news/2026/sale", "/News/2026/sale",
      "/news/2026/sale/%2e%2e/x",
    ] {
      XCTAssertEqual(try stack.http.get(path).status, 404, path)
    }
    XCTAssertEqual(try stack.http.get("/\(slug)/qr-code").status, 200)
    XCTAssertEqual(try stack.http.get("/news/2026/qr-code").status, 404)
    for path in ["/\(slug)/track", "/news/2026/track"] {
      let pixel = try stack.http.get(path)
      XCTAssertEqual(pixel.status, 200, path)
      XCTAssertEqual(pixel["content-type"], "image/gif", path)
    }
    var clicks = 0
    XCTAssertTrue(
      try eventually(seconds: 60) {
        let answer = try stack.http.get("/stats/\(slug)")
        guard answer.status == 200 else { return false }
        clicks = try answer.json["total_clicks"].number
        return clicks >= 21
      })
    XCTAssertEqual(clicks, 21)
  }

  private func assertManaged(_ slug: String) throws {
    for path in ["/" + slug, "/" + slug.replacing("/", with: "%2F")] {
      XCTAssertEqual(try ask("GET", path).json["shortCode"].text, slug, path)
      XCTAssertEqual(try ask("PATCH", path, #"{"title":"x"}"#).status, 200, path)
      for part in ["/redirect-rules", "/visits"] {
        XCTAssertEqual(try ask("GET", path + part).status, 200, path + part)
      }
      XCTAssertEqual(try ask("POST", path + "/redirect-rules/test", "{}").status, 200, path)
    }
    XCTAssertEqual(
      try stack.http.get("/\(slug)+").json["longUrl"].text, "https://example.com/x")
    for path in ["/news/2026", "/news//2026/sale", "/news/2026/sale/nothing", "/x/redirect-rules"] {
      XCTAssertEqual(try ask("GET", path).status, 404, path)
    }
    for (word, status) in [
      (slug, "taken"), ("news/2027", "free"), ("rest/x", "reserved"), ("a/qr-code", "reserved"),
      ("a//b", "invalid"), ("a/../b", "invalid"),
    ] {
      XCTAssertEqual(
        try ask("GET", "/availability?slug=\(word)").json["status"].text, status, word)
    }
    let prefixed = try make(#""pathPrefix":"go/""#)
    let code = try prefixed.json["shortCode"].text
    XCTAssertTrue(code.hasPrefix("go/"), code)
    XCTAssertEqual(try stack.http.get("/" + code).status, 301)
  }

  private func assertOthersAreRefused() throws {
    for slug in [
      "a//b", "/a", "a/", "a/../b", "./a", "a/.", "docs/x", "rest/v3/x", "a/visits", "a/track/b",
      "a%2Fb", "a/ü", "a/b?c", "a+", "a/b+",
    ] {
      let answer = try make(#""customSlug":"\#(slug)""#)
      XCTAssertEqual(answer.status, 400, slug)
      XCTAssertEqual(
        try answer.json["invalidElements"].elements.map { try $0.text }, ["customSlug"], slug)
    }
  }
}
