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
    let body = try created.json
    let code = try body["short_code"].text
    XCTAssertEqual(Set(try body.members.keys), ["short_code", "short_url", "original_url"])
    XCTAssertEqual(try body["short_url"].text, "\(site.baseURL)/\(code)")
    XCTAssertEqual(try body["original_url"].text, url)
    XCTAssertEqual(created["location"], "\(site.baseURL)/\(code)")

    let zeros = try site.http.get("/stats/\(code)").json
    XCTAssertEqual(try zeros["total_clicks"].number, 0)
    XCTAssertEqual(try zeros["unique_visitors"].number, 0)
    XCTAssertTrue(try zeros["last_clicked"].isNull)
    XCTAssertEqual(try zeros["clicks_by_day"].elements.count, 0)
    XCTAssertEqual(try zeros["top_referrers"].elements.count, 0)

    let answer = try site.http.get("/\(code)", [("User-Agent", "Mozilla/5.0")])
    XCTAssertEqual(answer.status, 301)
    XCTAssertEqual(answer.all("location"), [url])
    XCTAssertEqual(answer["cache-control"], "private, max-age=90")
    XCTAssertEqual(answer["x-request-id"]?.count, 32)
    let stats = try site.stats(code, clicks: 1)
    XCTAssertEqual(try stats["total_clicks"].number, 1)
    XCTAssertEqual(try stats["unique_visitors"].number, 1)
    XCTAssertNoThrow(try stats["last_clicked"].text)
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
    XCTAssertEqual(try site.stats(code, clicks: 1)["total_clicks"].number, 1)
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

  func testTextAfterACodeLeadsWhereTheCodeDoesAndCountsForIt() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/in-text")
    let first = String(format: "%%%02x", try XCTUnwrap(code.utf8.first))
    let tails = [
      "", "/", "//", ".", ",", ")", ").", "]", ">", ";", ":", "!", "'", "\"", "*", "%20", "%22",
      "%27", "%3E", "%5D", "%29.", "%0A", "%E2%80%9D", "%E2%80%99", "%C2%BB", "%E3%80%82", "/?x=1",
      "&utm_source=x", "&u=https://a.example/b", "&amp;x=y", "%20and%20more", "%3Cbr%3E", "%3F",
    ]
    let encoded = first + code.dropFirst()
    let written = tails.map { code + $0 } + [encoded, encoded + "%2E"]
    for text in written {
      let answer = try site.http.get("/" + text)
      XCTAssertEqual(answer.status, 301, text)
      XCTAssertEqual(answer["location"], "https://example.com/in-text", text)
    }
    let stats = try site.stats(code, clicks: written.count)
    XCTAssertEqual(try stats["total_clicks"].number, written.count)
    for text in [code + "/", code + "%2e", encoded, code + "&x"] {
      for route in ["/stats/", "/%73tats/"] {
        let answer = try site.http.get(route + text)
        XCTAssertEqual(try answer.json["short_code"].text, code, route + text)
      }
    }
    for text in ["\(code)/x", "\(code).x", "x&\(code)", "%2F\(code)", "\(code)%2541"] {
      assertProblem(try site.http.get("/" + text), 404, text)
    }
  }

  func testAnEncodedRouteIsTheRouteWithItsLimitsAndItsGuard() throws {
    let site = try Site()
    let body = #"{"original_url":"https://example.com/encoded"}"#
    XCTAssertEqual(try site.http.post("/%73horten", json: body).status, 201)
    assertProblem(try site.http.get("/%73%68orten"), 405)
    for path in ["/%68ealth", "/%6Detrics", "/%73tats/%68ealth", "/%64ocs", "/openapi%2Ejson"] {
      XCTAssertEqual(try site.http.get(path).status, 200, path)
    }
    let stranger = HTTPClient(port: site.http.port, source: 2)
    for path in ["/metrics", "/%6detrics", "/%6D%65trics", "/x/../metrics", "/./%6detrics"] {
      assertProblem(try stranger.get(path), 403, path)
    }
    for path in [
      "/metrics/", "/metrics.", "/metrics%20", "/metrics%2f", "/%256detrics", "//metrics",
    ] {
      assertProblem(try stranger.get(path), 404, path)
    }

    let limited = try LimitedSite(["LIMIT_CREATIONS": "1"])
    let answers = try (0..<40).map { number in
      try limited.http.post(number % 2 == 0 ? "/%73horten" : "/shorten", json: "{}")
    }
    let refused = try XCTUnwrap(answers.first { $0.status == 429 })
    XCTAssertEqual(answers.prefix { $0.status == 422 }.count, 31)
    XCTAssertEqual(refused["retry-after"], "60")
    XCTAssertEqual(try limited.http.post("/%73horten", json: "{}")["retry-after"], "60")
  }

  func testAPrefetchIsRedirectedWithoutBeingStoredOrCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/prefetch")
    for field in Self.prefetches {
      let answer = try site.http.get("/\(code)", [field])
      XCTAssertEqual(answer.status, 301, "\(field)")
      XCTAssertEqual(answer["location"], "https://example.com/prefetch")
      XCTAssertEqual(answer.all("cache-control"), ["no-store"], "\(field)")
    }
    assertProblem(try site.http.get("/zzzzzzzzzzz", [Self.prefetches[0]]), 404)
    // A visit behind them: when it is counted, they would have been too.
    let visit = try site.http.get("/\(code)", [("Sec-Purpose", ""), ("Purpose", "visit")])
    XCTAssertEqual(visit["cache-control"], "private, max-age=90")
    XCTAssertEqual(try site.stats(code, clicks: 1)["total_clicks"].number, 1)
  }

  static let prefetches = [
    ("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"),
    ("Sec-Purpose", "prefetch;anonymous-client-ip"), ("Purpose", "prefetch"),
    ("X-Moz", "prefetch"), ("X-Purpose", "preview"), ("Purpose", "Prefetch"),
  ]

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
