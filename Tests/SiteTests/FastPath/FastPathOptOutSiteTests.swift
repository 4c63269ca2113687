import TestSupport
import XCTest

/// The fast path's clicks of visitors who ask to be counted otherwise.
final class FastPathOptOutSiteTests: FastPathTestCase {
  func testALineOfAVisitorWhoOptsOutIsThePools() throws {
    let code = try hotLink("https://example.com/opt-out")
    try stack().control("stop", "relay")
    var isStopped = true
    defer { if isStopped { try? stack().control("start", "relay") } }
    let fields = [
      ("Sec-GPC", "1"), ("User-Agent", "Mozilla/5.0 \"x\""), ("Accept-Language", "de"),
      ("Referer", "https://a.example/secret"),
    ]
    for spelling in [code, try encoded(code)] {
      for suffix in ["", "?qr=1", "?a=b&qr=1"] {
        let answer = try stack().site.http.get("/" + spelling + suffix, fields)
        XCTAssertEqual(answer.status, 301, suffix)
        let id = try XCTUnwrap(answer["x-request-id"])
        XCTAssertEqual(try stack().answeredByNginx(id), spelling == code, suffix)
      }
      XCTAssertEqual(try stack().site.http.get("/\(spelling)?qr=1").status, 301)
      XCTAssertEqual(try stack().site.http.get("/\(spelling)?qr=2").status, 301)
    }
    let lines = try journalLines().filter { $0.contains(code) }.map { line in
      line.replacing(/"event_id":"[0-9a-f]{32}"|"timestamp":"[^"]+"/, with: "")
    }
    XCTAssertEqual(lines.count, 10, lines.joined(separator: "\n"))
    for line in Set(lines) { XCTAssertEqual(lines.filter { $0 == line }.count % 2, 0, line) }
    let anonymous = #""ip_address":"","user_agent":"Mozilla/5.0 \"x\"","referrer":"","flags":"#
    XCTAssertEqual(lines.filter { $0.hasSuffix(anonymous + "2}") }.count, 2, "\(lines)")
    XCTAssertEqual(lines.filter { $0.hasSuffix(anonymous + "6}") }.count, 4, "\(lines)")
    XCTAssertEqual(lines.filter { $0.hasSuffix(#","flags":4}"#) }.count, 2, "\(lines)")
    try stack().control("start", "relay")
    isStopped = false
    let stats = try stack().site.stats(code, clicks: 10)
    XCTAssertEqual(try stats["total_clicks"].number, 10)
    XCTAssertEqual(try stats["human_clicks"].number, 6)
    XCTAssertEqual(try stats["direct_clicks"].number, 10)
    XCTAssertEqual(try stats["unique_visitors"].number, 0)
  }
}
