import Foundation
import TestSupport
import XCTest

/// The fast path: what nginx answers by itself, and what it leaves to the pool.
///
/// Another spelling of a slug is always the pool's to read, so that the two can be compared.
final class FastPathSiteTests: FastPathTestCase {
  /// Headers of which each answer has its own.
  private static let own: Set = ["x-request-id", "date", "content-length", "content-type"]

  /// But for the few words of HTML that nginx sends with its own redirects.
  func testTheAnswerIsThePoolsInEveryHeader() throws {
    let code = freshCode(11)
    let spellings = try [code, encoded(code)]
    try plant(code, "https://example.com/a?b=%zz#c")
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    let cases: [(String, String, [(String, String)])] = [
      ("GET", "", []), ("HEAD", "", []), ("GET", "?x=/y?z", []),
      ("GET", "", [("Origin", "https://app.example")]),
      ("GET", "", [("Origin", "https://evil.example")]),
    ]
    for (method, query, fields) in cases {
      let answers = try spellings.map {
        try stack().site.http.request(method, "/\($0)\(query)", fields)
      }
      let heads = answers.map { answer in
        answer.fields.filter { !Self.own.contains($0.name) }
          .map { "\($0.name): \($0.value)" }.sorted()
      }
      XCTAssertEqual(answers.map(\.status), [301, 301], "\(method) \(query)")
      XCTAssertEqual(heads[0], heads[1], "\(method) \(query)")
      XCTAssertEqual(answers[1].body, [])
      XCTAssertEqual(answers[0]["location"], "https://example.com/a?b=%zz#c")
      XCTAssertEqual(answers[0]["x-request-id"]?.count, 32)
      let isFast = try answers.map {
        try stack().answeredByNginx(XCTUnwrap($0["x-request-id"]))
      }
      XCTAssertEqual(isFast, [true, false], "\(method) \(query)")
    }
  }

  func testHostileTextsAreStoredAsThePoolStoresThem() throws {
    let codes = [freshCode(11), freshCode(12)]
    let spellings = try [codes[0], encoded(codes[1])]
    for code in codes { try plant(code, "https://example.com/texts") }
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(codes[0]) })
    let everyControl = (1...31).filter { ![9, 10, 13].contains($0) }.map { UInt8($0) } + [0x7F]
    let texts: [[UInt8]] = [
      Array(#"a "quoted" \ back\\slash \u0041 </script>"#.utf8), everyControl + [0x41],
      Array("tab\tin it, é € 😀 \u{2028}".utf8), [0x41, 0xFF, 0x42, 0xFE, 0x43],
      Array(repeating: 0x22, count: 8000), Array(repeating: 0x78, count: 8000),
      Array(String(repeating: "€", count: 2700).utf8),
      Array(("x" + String(repeating: "😀", count: 2000)).utf8),
      Array(repeating: 0x01, count: 8000), [],
    ]
    var ids: [String: [String]] = [:]
    for (code, spelling) in zip(codes, spellings) {
      for text in texts {
        let line = "GET /\(spelling) HTTP/1.1\r\nHost: localhost\r\nConnection: close"
        var request = Array(line.utf8)
        for name in ["User-Agent", "Referer"] { request += Array("\r\n\(name): ".utf8) + text }
        let answer = try stack().site.http.exchange(request + Array("\r\n\r\n".utf8))
        XCTAssertEqual(answer.status, 301)
        ids[code, default: []].append(try XCTUnwrap(answer["x-request-id"]))
      }
      try assertStored(XCTUnwrap(ids[code]), of: code)
    }
    let columns = "hex(user_agent), hex(referrer), ip_address"
    for (number, text) in texts.enumerated() {
      let rows = try codes.map { code in
        let id = try XCTUnwrap(ids[code])[number]
        return try stack().query(
          "SELECT \(columns) FROM visits WHERE event_id = unhex('\(id)')")
      }
      XCTAssertEqual(rows[0], rows[1], String(decoding: text.prefix(20), as: UTF8.self))
      let kept = String(decoding: text.prefix(300), as: UTF8.self).utf8.prefix(290)
      let hex = kept.map { String(format: "%02X", $0) }.joined()
      XCTAssertTrue(rows[0].hasPrefix(hex), "\(rows[0].prefix(80)) for \(hex.prefix(80))")
    }
  }

  func testHeadIsNotCountedAndEachGetIsOnce() throws {
    let code = try hotLink("https://example.com/head")
    var ids: [String] = []
    for _ in 0..<50 {
      XCTAssertEqual(try stack().site.http.request("HEAD", "/\(code)").status, 301)
      let answer = try stack().site.http.get("/\(code)", [("Referer", "https://example.org/")])
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), true)
    try assertStored(ids, of: code)
    let stats = try stack().site.stats(code, clicks: 50, referred: 50)
    XCTAssertEqual(try stats["top_referrers"].elements.map { try $0["clicks"].number }, [50])
  }

  func testWhatIsNoKnownCodeIsThePools() throws {
    let code = try hotLink("https://example.com/known")
    let http = try stack().site.http
    assertProblem(try http.get("/\(freshCode())"), 404)
    // Another spelling of a code is the pool's to read.
    var ids: [String] = []
    for text in [try encoded(code), "\(code)/", "\(code)%20", "\(code)&x=y"] {
      let answer = try http.get("/" + text)
      XCTAssertEqual(answer["location"], "https://example.com/known", text)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
      XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), false, text)
    }
    try assertStored(ids, of: code)
    for method in ["POST", "PUT", "OPTIONS"] {
      let answer = try http.request(method, "/\(code)", [], body: Array("body".utf8))
      assertProblem(answer, 405, method)
      XCTAssertEqual(answer["allow"], "GET, HEAD")
    }
    XCTAssertEqual(try http.get("/health").status, 200)
    XCTAssertEqual(try http.get("/docs").status, 200)
  }

  func testAPrefetchIsAnsweredByNginxAndNeitherStoredNorCounted() throws {
    let code = try hotLink("https://example.com/prefetch")
    for field in RedirectSiteTests.prefetches {
      let answer = try stack().site.http.get("/\(code)", [field])
      XCTAssertEqual(answer["location"], "https://example.com/prefetch", "\(field)")
      XCTAssertEqual(answer.all("cache-control"), ["no-store"], "\(field)")
    }
    let id = try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"])
    XCTAssertEqual(try stack().answeredByNginx(id), true)
    try assertStored([id], of: code)
  }

  func testASlugOfAnyFormIsAnsweredByNginxAndItsLineIsThePools() throws {
    let start = freshCode()
    let slugs = [
      start, start + "-a.b_c~d", start + ".", start + String(repeating: "-", count: 246) + "9",
    ]
    let url = "https://example.com/slug"
    for slug in slugs { try plant(slug, slug == start ? url : "=9223372036854775807 " + url) }
    for slug in slugs { XCTAssertTrue(try eventually(seconds: 20) { try isFast(slug) }, slug) }
    try stack().control("stop", "relay")
    defer { try? stack().control("start", "relay") }
    for slug in slugs {
      for spelling in [slug, try encoded(slug)] {
        XCTAssertEqual(try stack().site.http.get("/" + spelling)["location"], url, spelling)
      }
    }
    let lines = try journalLines().filter { $0.contains(start) }
    XCTAssertEqual(lines.count, 2 * slugs.count, lines.joined(separator: "\n"))
    for slug in slugs {
      let pair = lines.filter { $0.contains("\"\(slug)\"") }.map { line in
        line.replacing(/"event_id":"[0-9a-f]{32}"|"timestamp":"[^"]+"/, with: "")
      }
      XCTAssertEqual(Set(pair).count, 1, pair.joined(separator: "\n"))
      XCTAssertEqual(
        pair.first?.hasSuffix(#""referrer":"","link":"9223372036854775807"}"#), slug != start, slug)
    }
  }

  func testTheLanguageInALineIsThePools() throws {
    let code = try hotLink("https://example.com/language")
    try stack().control("stop", "relay")
    defer { try? stack().control("start", "relay") }
    let languages = [
      "de-DE,de;q=0.9,en;q=0.8", "en", "", ",fr", "zh-Hant-TW-x-private", "a\"\\b;q=1", "*",
      "de-DE,de;q=0.9,en;q=0.8", String(repeating: "x", count: 300),
    ]
    for spelling in [code, try encoded(code)] {
      for language in languages {
        let fields = language.isEmpty ? [] : [("Accept-Language", language)]
        XCTAssertEqual(try stack().site.http.get("/" + spelling, fields).status, 301, language)
      }
    }
    let lines = try journalLines().filter { $0.contains(code) }.map { line in
      line.replacing(/"event_id":"[0-9a-f]{32}"|"timestamp":"[^"]+"/, with: "")
    }
    XCTAssertEqual(lines.count, 2 * languages.count)
    // The pool and nginx write into different journals.
    XCTAssertEqual(lines.filter { $0.contains(#","lang":"de-DE"}"#) }.count, 4)
    for line in Set(lines) {
      XCTAssertEqual(lines.filter { $0 == line }.count % 2, 0, line)
    }
  }

  func testARecordWithRulesIsThePoolsToRead() throws {
    let code = freshCode()
    try plant(code, "\u{1}https://example.com/rules")
    let answer = try stack().site.http.get("/\(code)")
    assertProblem(answer, 404)
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])), false)
  }

  func testAFullStopBehindALinkIsThePoolsToTakeOff() throws {
    let code = try hotLink("https://example.com/full-stop")
    var ids: [String] = []
    for text in ["\(code).", "\(code)-", "\(code).", "\(code)..."] {
      let answer = try stack().site.http.get("/" + text)
      XCTAssertEqual(answer["location"], "https://example.com/full-stop", text)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    try assertStored(ids, of: code)
  }

  func testABodyIsNotTakenForTheNextRequest() throws {
    let code = try hotLink("https://example.com/body")
    let start = "GET /\(code) HTTP/1.1\r\nHost: localhost\r\n"
    let inner = start + "\r\n"
    let head = start + "Content-Length: \(inner.utf8.count)\r\n\r\n"
    let last = start + "Connection: close\r\n\r\n"
    let answer = try stack().site.http.exchange(Array((head + inner + last).utf8))
    XCTAssertEqual(answer.status, 301)
    XCTAssertEqual(answer.text.components(separatedBy: "HTTP/1.1 301").count, 2, answer.text)
  }

  func testAnUnknownCodeIsNotAskedForEachTime() throws {
    let code = freshCode()
    try plant(code, "")
    assertProblem(try stack().site.http.get("/\(code)"), 404)
    let before = try stack().gets()
    for _ in 0..<200 { assertProblem(try stack().site.http.get("/\(code)"), 404) }
    XCTAssertLessThan(try stack().gets() - before, 100)
  }

  func testWhatCouldBreakOutOfAHeaderNeverGetsOut() throws {
    for bad in [
      "https://example.com/\r\nX-Evil: 1", "https://example.com/\n", "https://e.org/\u{1}",
      "\u{7F}",
      "https://example.com/a b", "https://example.com/\u{FC}", "/path", "javascript:alert(1)",
      "https://example.com/" + String(repeating: "a", count: 8173),
    ] {
      let code = freshCode()
      try plant(code, bad)
      let answer = try stack().site.http.get("/\(code)")
      assertProblem(answer, 404, bad.debugDescription)
      XCTAssertNil(answer["x-evil"])
      XCTAssertNil(answer["location"])
      XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])), false)
    }
  }
}
