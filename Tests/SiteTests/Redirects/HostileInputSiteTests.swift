import Foundation
import TestSupport
import XCTest

/// What must be refused with a clear 4xx, or survive; no worker may end by any of it.
final class HostileInputSiteTests: XCTestCase {
  private var pids: [Int32] = []

  override func setUpWithError() throws {
    pids = try Supervisor.pids("shortener")
    XCTAssertFalse(pids.isEmpty)
  }

  override func tearDownWithError() throws {
    XCTAssertEqual(try Supervisor.pids("shortener"), pids, "a worker has gone")
  }

  func testBodiesThatAreNotTheDocumentedOne() throws {
    let http = try Site().http
    let good = #""https://example.com""#
    let bodies: [([UInt8], Int)] = [
      ([], 400), (Array("{".utf8), 400), (Array("{'a':1}".utf8), 400),
      (Array("{\"original_url\":\(good),\"original_url\":\(good)}".utf8), 400),
      (Array("{\"original_url\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8), 400),
      ([0xEF, 0xBB] + Array("{\"original_url\":\(good)}".utf8), 400),
      (Array(String(repeating: "[", count: 60_000).utf8), 400),
      (Array("{\"original_url\":\(good)} x".utf8), 400),
      (Array("{\"original_url\":\"https://a.example/\\u0000\"}".utf8), 400),
      (Array("[]".utf8), 422), (Array("\(good)".utf8), 422), (Array("{}".utf8), 422),
      (Array("{\"original_url\":1}".utf8), 422), (Array("{\"original_url\":null}".utf8), 422),
      (Array("{\"original_url\":[\(good)]}".utf8), 422),
      (Array("{\"original_url\":\(good),\"more\":true}".utf8), 422),
      (Array("{\"url\":\(good)}".utf8), 422),
      (Array("{\"original_url\":\"\(String(repeating: "a", count: 70_000))\"}".utf8), 413),
    ]
    for (body, status) in bodies {
      let answer = try http.request(
        "POST", "/shorten", [("Content-Type", "application/json")], body: body)
      assertProblem(answer, status, String(decoding: body.prefix(60), as: UTF8.self))
    }
  }

  func testOtherContentTypes() throws {
    let http = try Site().http
    let body = Array(#"{"original_url":"https://example.com"}"#.utf8)
    assertProblem(try http.request("POST", "/shorten", [], body: body), 415)
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ";"] {
      assertProblem(
        try http.request("POST", "/shorten", [("Content-Type", type)], body: body), 415, type)
    }
    let json = ("Content-Type", "application/json")
    for coding in ["gzip", "br, identity"] {
      assertProblem(
        try http.request("POST", "/shorten", [json, ("Content-Encoding", coding)], body: body), 415,
        coding)
    }
    XCTAssertEqual(
      try http.request("POST", "/shorten", [json, ("Content-Encoding", "identity")], body: body)
        .status, 201)
  }

  func testURLsThatCannotBeShortened() throws {
    let site = try Site()
    let own = site.baseURL.replacingOccurrences(of: "/", with: "\\/")
    for url in [
      "", "example.com", "/a", "//example.com", "ftp://example.com/", "javascript:alert(1)",
      "JAVASCRIPT://example.com/%0aalert(1)", "data:text/html,hi", "file:///etc/passwd",
      "https://exam ple.com", "https://faß❤.example/", "http://2130706433./",
      "http://[::ffff:7f00:1]/",
      "http://foo.0x10/", "http://xn--a/", "http://127.0.0.1/abc", "http://[::1]:8080/abc",
      "https://exam\\u0001ple.com", "https://example.com/\\r\\nX: y", "https://u@example.com",
      "https://u:p@example.com", "https://", "https:///a", "https://:80/", "https://a.example:0/",
      "https://a.example:65536/", "https://a.example:x/", "\(own)/abc", "http://LOCALHOST/abc",
      "https://example.com/" + String(repeating: "a", count: 8173),
    ] {
      let answer = try site.http.post("/shorten", json: "{\"original_url\":\"\(url)\"}")
      assertProblem(answer, 422, String(url.prefix(60)))
    }
  }

  func testCodesThatNoLinkCanHave() throws {
    let http = try Site().http
    for code in [
      "abc-def", "a.b", "..", "%2e%2e", "%2f", "%2Fetc%2Fpasswd", "abc%00", "abc%0d%0aX-Evil:1",
      "abc%0aLocation:https://evil.example", "%c3%a9", "%ff", "a%20b", "a+b", "a;b", "a,b",
      String(repeating: "a", count: 33), String(repeating: "a", count: 5000), "<script>", "a\"b",
      "a'b", "$(id)", "{code}", "abc/", "abc/def", "../abc", "",
    ] {
      for prefix in ["/", "/stats/"] {
        let answer = try http.get(prefix + code)
        XCTAssertTrue([400, 404].contains(answer.status), "\(prefix)\(code): \(answer.status)")
        assertProblem(answer, answer.status, prefix + code)
        XCTAssertNil(answer["x-evil"])
      }
    }
  }

  func testRequestsThatAreNoHTTP() throws {
    let http = try Site().http
    for line in [
      "GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n", "GET /abc\0def HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /abc HTTP/1.1\r\n\r\n", "GET /abc HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "POST /shorten HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST /shorten HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "GET abc HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
      assertProblem(try http.exchange(Array(line.utf8)), 400, line.debugDescription)
    }
    let long = "GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
    assertProblem(try http.exchange(Array(long.utf8)), 414)
  }

  func testAnHTTP09RequestIsClosedAndNotCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/http09")
    for line in ["GET /\(code)\r\n", "GET /\(code)\n", "GET /health\r\n", "GET /%73tats/x\r\n"] {
      let socket = try Socket(port: site.http.port)
      socket.setTimeout(seconds: 30)
      try socket.send(Array(line.utf8))
      do {
        let answer = try socket.receive()
        XCTAssertEqual(answer, [], line.debugDescription)
      } catch {
        XCTAssertTrue("\(error)".contains("reset by peer"), "\(line.debugDescription): \(error)")
      }
    }
    // A request behind them: when its click is counted, theirs would have been too.
    let id = try XCTUnwrap(site.http.get("/\(code)")["x-request-id"])
    XCTAssertEqual(try site.stats(code, clicks: 1)["total_clicks"].number, 1)
    XCTAssertEqual(
      try ClickHouseClient.query(
        "SELECT lower(hex(event_id)) FROM visits WHERE code = '\(code)'"), id + "\n")
  }

  func testAStoredValueThatCannotBeALocationIsNoLink() throws {
    let site = try Site()
    let redis = try TestStack.value("SWIFTLET_RUN") + "/redis.sock"
    let values = [
      "https://example.com/\u{1}", "https://example.com/\r\nX-Evil: 1", "https://example.com/a b",
      "https://example.com/\u{FC}", "https://example.com/\u{7F}", "/path", "//example.com/",
      "javascript:alert(1)", "example.com", "https:/example.com", "ftp://example.com/",
      "https://example.com/" + String(repeating: "a", count: 8173),
    ]
    for (number, value) in values.enumerated() {
      let code = "value\(UInt32.random(in: 0...UInt32.max))x\(number)"
      try Command.check("/usr/bin/redis-cli", ["-s", redis, "SET", "short_url:\(code)", value])
      assertProblem(try site.http.get("/\(code)"), 404, value.debugDescription)
    }
    // The cache's mistake costs a link that is there nothing.
    let code = try site.shorten("https://example.com/kept")
    try Command.check("/usr/bin/redis-cli", ["-s", redis, "SET", "short_url:\(code)", "\u{1}"])
    for _ in 0..<20 {
      XCTAssertEqual(try site.http.get("/\(code)")["location"], "https://example.com/kept")
    }
  }

  func testOddUserAgentsAndReferrersAreRedirectedAndCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/odd")
    let odd: [[UInt8]] = [
      Array(repeating: 0x61, count: 8192), Array("quote\" back\\slash 'single' \t tab".utf8),
      Array("{\"json\":[1,2]}, <b>html</b> \u{1F600}\u{1F468}\u{200D}\u{1F469} ü €".utf8),
      [0x61, 0xFF, 0xFE, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x62], Array("a\u{1}b\u{7F}c".utf8),
      Array(repeating: 0xFF, count: 8000), Array("'; DROP TABLE click_events; --".utf8), [],
    ]
    for value in odd {
      let head = Array("GET /\(code) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: ".utf8)
      let answer = try site.http.exchange(
        head + value + Array("\r\nReferer: ".utf8) + value + Array("\r\n\r\n".utf8))
      XCTAssertEqual(answer.status, 301)
      XCTAssertEqual(answer.all("location"), ["https://example.com/odd"])
    }
    let stats = try site.stats(code, clicks: odd.count)
    XCTAssertEqual(try stats["total_clicks"].number, odd.count)
    XCTAssertEqual(
      try stats["top_referrers"].elements.count, 0, "none of them is a URL: \(stats)")
    let stored = try ClickHouseClient.query(
      "SELECT referrer FROM visits WHERE code = '\(code)' FORMAT TabSeparatedRaw"
    ).split(separator: "\n").map(String.init)
    XCTAssertTrue(stored.contains("'; DROP TABLE click_events; --"), "\(stored)")
    XCTAssertTrue(stored.contains(String(repeating: "a", count: 1024)), "\(stored)")
  }
}
