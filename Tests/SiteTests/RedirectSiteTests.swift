import Foundation
import TestSupport
import XCTest

final class RedirectSiteTests: XCTestCase {
  func testALinkIsMadeFollowedAndCounted() throws {
    let site = try Site()
    let url = "https://example.com/a/long/path?with=query&x=%2F#part"
    let created = try site.http.post("/shorten", json: #"{"original_url":"\#(url)"}"#)
    XCTAssertEqual(created.status, 201)
    XCTAssertEqual(created["content-type"], "application/json")
    let body = try XCTUnwrap(site.json(created))
    let code = try XCTUnwrap(body["short_code"] as? String)
    XCTAssertEqual(Set(body.keys), ["short_code", "short_url", "original_url"])
    XCTAssertEqual(body["short_url"] as? String, "\(site.baseURL)/\(code)")
    XCTAssertEqual(body["original_url"] as? String, url)
    XCTAssertEqual(created["location"], "\(site.baseURL)/\(code)")

    let zeros = try XCTUnwrap(site.json(site.http.get("/stats/\(code)")))
    XCTAssertEqual(zeros["total_clicks"] as? Int, 0)
    XCTAssertEqual(zeros["unique_visitors"] as? Int, 0)
    XCTAssertTrue(zeros["last_clicked"] is NSNull)
    XCTAssertEqual((zeros["clicks_by_day"] as? [Any])?.count, 0)
    XCTAssertEqual((zeros["top_referrers"] as? [Any])?.count, 0)

    let answer = try site.http.get("/\(code)")
    XCTAssertEqual(answer.status, 301)
    XCTAssertEqual(answer.all("location"), [url])
    XCTAssertEqual(answer["cache-control"], "private, max-age=90")
    XCTAssertEqual(answer["x-request-id"]?.count, 32)
    let stats = try site.stats(code, clicks: 1)
    XCTAssertEqual(stats["total_clicks"] as? Int, 1)
    XCTAssertEqual(stats["unique_visitors"] as? Int, 1)
    XCTAssertNotNil(stats["last_clicked"] as? String)
  }

  func testHeadAnswersLikeGetAndIsNotCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/head")
    for _ in 0..<3 {
      let answer = try site.http.request("HEAD", "/\(code)")
      XCTAssertEqual(answer.status, 301)
      XCTAssertEqual(answer["location"], "https://example.com/head")
      XCTAssertEqual(answer.body, [])
    }
    // One GET behind them: when it is counted, the HEADs would have been too.
    _ = try site.http.get("/\(code)")
    XCTAssertEqual(try site.stats(code, clicks: 1)["total_clicks"] as? Int, 1)
  }

  func testAcceptedURLsComeBackByteForByte() throws {
    let site = try Site()
    let longest = "https://example.com/" + String(repeating: "a", count: 8172)
    XCTAssertEqual(longest.utf8.count, 8192)
    let urls = [
      ("HTTP://Example.COM:80/%7euser/../a//b?q=%zz&r=a+b#top", nil),
      ("https://example.com/€/ü?ö", "https://example.com/%E2%82%AC/%C3%BC?%C3%B6"),
      ("https://bücher.example/", "https://xn--bcher-kva.example/"),
      ("http://[2001:db8::1]:8080/x", nil), (longest, nil),
    ]
    for (url, expected) in urls {
      let code = try site.shorten(url)
      let answer = try site.http.get("/\(code)")
      XCTAssertEqual(answer.status, 301)
      XCTAssertEqual(answer.all("location"), [expected ?? url])
    }
  }

  func testUnknownCodesAre404AndRememberedOnlyBriefly() throws {
    let site = try Site()
    for _ in 0..<2 { assertProblem(try site.http.get("/zzzzzzzzzzz"), 404) }
    assertProblem(try site.http.get("/stats/zzzzzzzzzzz"), 404)
    // Remembered or not, a code that is made afterwards works at once.
    let code = try site.shorten("https://example.com/fresh")
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
  }

  func testMethodsThatAreNotThereAre405WithAllow() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/methods")
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
      let answer = try site.http.request(method, "/\(code)", [], body: [])
      assertProblem(answer, 405, method)
      XCTAssertEqual(answer["allow"], "GET, HEAD", method)
    }
    for method in ["GET", "PUT", "DELETE"] {
      let answer = try site.http.request(method, "/shorten")
      assertProblem(answer, 405, method)
      XCTAssertEqual(answer["allow"], "POST", method)
    }
    let stats = try site.http.request("POST", "/stats/\(code)", [], body: [])
    assertProblem(stats, 405)
    XCTAssertEqual(stats["allow"], "GET, HEAD")
  }
}
