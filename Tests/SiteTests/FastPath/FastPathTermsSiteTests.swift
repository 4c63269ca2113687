import TestSupport
import XCTest

/// What nginx's fast path does with links whose redirect depends on more than their name.
final class FastPathTermsSiteTests: FastPathTestCase {
  func testALinkThatForwardsTheQueryIsNginxsWithoutOneAndThePoolsWithOne() throws {
    let code = freshCode()
    try plant(code, "+4711 https://example.com/q?x=1#f")
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    let cases = [
      ("", "https://example.com/q?x=1#f", true), ("?", "https://example.com/q?x=1#f", true),
      ("?x=2&y", "https://example.com/q?x=2&y#f", false),
    ]
    for (query, url, isFast) in cases {
      let answer = try stack().site.http.get("/\(code)\(query)")
      XCTAssertEqual(answer["location"], url, query)
      XCTAssertEqual(answer.all("x-robots-tag"), ["noindex"], query)
      let id = try XCTUnwrap(answer["x-request-id"])
      XCTAssertEqual(try stack().answeredByNginx(id), isFast, query)
    }
  }

  func testALinkWithOtherTermsOrAnotherHostIsThePools() throws {
    let (managed, plain) = (freshCode(), freshCode())
    let url = "https://example.com/terms"
    try plant(managed, "\u{1}{\"i\":\"4712\",\"u\":\"\(url)\",\"e\":4070908800000}")
    try plant(plain, url)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(plain) })
    for (code, host) in [(managed, "localhost"), (plain, "none.example")] {
      let answer = try stack().site.http.exchange(
        Array("GET /\(code) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8))
      XCTAssertEqual(answer["location"], url, code)
      let id = try XCTUnwrap(answer["x-request-id"])
      XCTAssertEqual(try stack().answeredByNginx(id), false, host)
    }
  }
}
