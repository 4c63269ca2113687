import Foundation
import TestSupport
import XCTest

/// What robots are told of links.
final class RobotsSiteTests: XCTestCase {
  private func make(_ keyed: KeyedSite, _ slug: String, _ members: String) throws {
    let made = try keyed.request(
      "POST", "/short-urls",
      #"{"longUrl":"https://example.com/robots","customSlug":"\#(slug)",\#(members)}"#)
    XCTAssertEqual(made.status, 200, made.text)
  }

  private func get(_ keyed: KeyedSite, _ host: String) throws -> HTTPClient.Answer {
    try keyed.site.http.exchange(
      Array("GET /robots.txt HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8))
  }

  func testRobotsMayFollowTheCrawlableLinksOfAHostAndReadNothingElse() throws {
    let keyed = try KeyedSite()
    // A domain of its own: what a worker remembers of the default one may be a minute old.
    let host = "robots-\(UInt32.random(in: 0 ... .max)).example"
    try make(keyed, "shown", #""domain":"\#(host)","crawlable":true"#)
    try make(keyed, "hidden", #""domain":"\#(host)""#)
    for spelling in [host, host.uppercased() + ":8080"] {
      let answer = try get(keyed, spelling)
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer["content-type"], "text/plain; charset=utf-8")
      XCTAssertEqual(answer["cache-control"], "public, max-age=300")
      let lines = answer.text.split(separator: "\n")
      XCTAssertEqual(lines.first, "User-agent: *")
      XCTAssertEqual(lines.dropFirst().first, "Allow: /shown")
      XCTAssertEqual(lines.last, "Disallow: /")
      XCTAssertFalse(answer.text.contains("hidden"))
    }
    XCTAssertFalse(try keyed.site.http.get("/robots.txt").text.contains("/shown"))
    XCTAssertEqual(try keyed.site.http.request("HEAD", "/robots.txt").status, 200)
    assertProblem(try keyed.site.http.request("POST", "/robots.txt", body: []), 405)
  }

  func testARedirectTellsRobotsNotToListItUnlessTheLinkIsCrawlable() throws {
    let keyed = try KeyedSite()
    let (plain, shown) = ("r-\(UUID())".lowercased(), "s-\(UUID())".lowercased())
    try make(keyed, plain, #""title":"x""#)
    try make(keyed, shown, #""title":"x","crawlable":true"#)
    for path in ["/" + plain, "/" + plain + "?a=b", "/" + plain + "."] {
      for method in ["GET", "HEAD"] {
        let answer = try keyed.site.http.request(method, path)
        XCTAssertEqual(answer.status, 301)
        XCTAssertEqual(answer.all("x-robots-tag"), ["noindex"], path)
      }
    }
    let answer = try keyed.site.http.get("/" + shown)
    XCTAssertEqual(answer.status, 301)
    XCTAssertEqual(answer.all("x-robots-tag"), [])
    let edited = try keyed.request("PATCH", "/short-urls/" + shown, #"{"crawlable":false}"#)
    XCTAssertEqual(edited.status, 200)
    XCTAssertTrue(
      try eventually(seconds: 20) {
        try (0..<10).allSatisfy { _ in
          try keyed.site.http.get("/" + shown).all("x-robots-tag") == ["noindex"]
        }
      })
  }
}
