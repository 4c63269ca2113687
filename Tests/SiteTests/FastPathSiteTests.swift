import Foundation
import TestSupport
import XCTest

/// The fast path: what nginx answers by itself, and what it leaves to the pool.
///
/// A code of more than eleven characters is always the pool's, so that the two can be compared.
final class FastPathSiteTests: XCTestCase {
  private static let started = Result { try FastStack() }

  override class func tearDown() {
    try? started.get().stop()
  }

  private func stack() throws -> FastStack { try Self.started.get() }

  /// Puts a link into Redis alone.
  private func plant(_ code: String, _ url: String) throws {
    _ = try stack().redis("SET", "short_url:\(code)", url)
  }

  /// A code that nothing has met yet.
  private func freshCode(_ length: Int = 8) -> String {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return String((0..<length).map { _ in digits[Int.random(in: 0..<62)] })
  }

  /// A link of the pool's making that nginx has been seen to answer for.
  private func hotLink(_ url: String) throws -> String {
    let code = try stack().site.shorten(url)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    return code
  }

  private func isFast(_ code: String) throws -> Bool {
    let answer = try stack().site.http.request("HEAD", "/\(code)")
    return try answer.status == 301
      && stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])) == true
  }

  /// Asserts that exactly these clicks are stored, each once.
  private func assertStored(
    _ ids: [String], of code: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let expected = Set(ids)
    XCTAssertEqual(expected.count, ids.count, "an id was given twice", file: file, line: line)
    _ = try eventually(seconds: 60) { try expected.isSubset(of: stack().stored(code)) }
    try stack().site.waitForClicksUnderWay()
    XCTAssertEqual(
      try stack().stored(code).sorted(), ids.sorted(), file: file, line: line)
    XCTAssertEqual(
      try stack().site.stats(code, clicks: ids.count)["total_clicks"] as? Int, ids.count,
      file: file, line: line)
  }

  /// Headers of which each answer has its own.
  private static let own: Set = ["x-request-id", "date", "content-length", "content-type"]

  /// But for the few words of HTML that nginx sends with its own redirects.
  func testTheAnswerIsThePoolsInEveryHeader() throws {
    let (short, long) = (freshCode(11), freshCode(12))
    for code in [short, long] { try plant(code, "https://example.com/a?b=%zz#c") }
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(short) })
    let cases: [(String, String, [(String, String)])] = [
      ("GET", "", []), ("HEAD", "", []), ("GET", "?x=/y?z", []),
      ("GET", "", [("Origin", "https://app.example")]),
      ("GET", "", [("Origin", "https://evil.example")]),
    ]
    for (method, query, fields) in cases {
      let answers = try [short, long].map {
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
    let (short, long) = (freshCode(11), freshCode(12))
    for code in [short, long] { try plant(code, "https://example.com/texts") }
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(short) })
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
    for code in [short, long] {
      for text in texts {
        let line = "GET /\(code) HTTP/1.1\r\nHost: localhost\r\nConnection: close"
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
      let rows = try [short, long].map { code in
        let id = try XCTUnwrap(ids[code])[number]
        return try stack().query(
          "SELECT \(columns) FROM clicks WHERE event_id = unhex('\(id)')")
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
    XCTAssertEqual((stats["top_referrers"] as? [[String: Any]])?.first?["clicks"] as? Int, 50)
  }

  func testWhatIsNoKnownCodeIsThePools() throws {
    let code = try hotLink("https://example.com/known")
    let http = try stack().site.http
    assertProblem(try http.get("/\(freshCode())"), 404)
    // Another spelling of a code is the pool's to read.
    let first = String(format: "%%%02X", try XCTUnwrap(code.utf8.first))
    var ids: [String] = []
    for text in ["\(first)\(code.dropFirst())", "\(code)/", "\(code)%20", "\(code)&x=y"] {
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
    func gets() throws -> Int {
      let text = try stack().redis("INFO", "commandstats")
      let calls = text.firstMatch(of: /cmdstat_get:calls=(\d+)/)?.1
      return try XCTUnwrap(calls.flatMap { Int($0) })
    }
    assertProblem(try stack().site.http.get("/\(code)"), 404)
    let before = try gets()
    for _ in 0..<200 { assertProblem(try stack().site.http.get("/\(code)"), 404) }
    XCTAssertLessThan(try gets() - before, 100)
  }

  func testAChangedOrRemovedLinkIsSeen() throws {
    let code = freshCode()
    try plant(code, "https://example.com/before")
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    try plant(code, "https://example.com/after")
    XCTAssertTrue(
      try eventually(seconds: 10) {
        try stack().site.http.get("/\(code)")["location"] == "https://example.com/after"
      })
    _ = try stack().redis("DEL", "short_url:\(code)")
    XCTAssertTrue(
      try eventually(seconds: 10) { try stack().site.http.get("/\(code)").status == 404 })
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

  func testWithoutRedisThePoolServes() throws {
    let code = try hotLink("https://example.com/without-redis")
    let traffic = Traffic(try stack().site, code: code)
    Thread.sleep(forTimeInterval: 0.5)
    try stack().control("stop", "engines:redis")
    let isPools = try eventually(seconds: 20) {
      let answer = try stack().site.http.request("HEAD", "/\(code)")
      return try answer.status == 301
        && stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])) == false
    }
    Thread.sleep(forTimeInterval: 1)
    try stack().control("start", "engines:redis")
    XCTAssertTrue(isPools)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    let (ids, others) = traffic.stopWithIDs()
    XCTAssertEqual(others, [])
    try assertStored(ids, of: code)
  }

  func testWithoutThePoolKnownLinksRedirectAndCount() throws {
    let code = try hotLink("https://example.com/without-the-pool")
    let pools = ["shortener:*", "shortener-lookup:*", "shortener-spare:*"]
    for pool in pools { try stack().control("stop", pool) }
    var ids: [String] = []
    for _ in 0..<100 {
      let answer = try stack().site.http.get("/\(code)")
      XCTAssertEqual(answer.status, 301)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    assertProblem(try stack().site.http.get("/\(freshCode())"), 502)
    for pool in pools { try stack().control("start", pool) }
    try assertStored(ids, of: code)
  }

  func testAKilledNginxWorkerLosesNoAnsweredClick() throws {
    let code = try hotLink("https://example.com/killed")
    let traffic = Traffic(try stack().site, code: code)
    for _ in 0..<8 {
      Thread.sleep(forTimeInterval: 0.3)
      if let pid = try stack().nginx().workers.randomElement() { kill(pid, SIGKILL) }
    }
    XCTAssertTrue(traffic.reaches(100))
    let (ids, others) = traffic.stopWithIDs()
    _ = try eventually(seconds: 60) { try Set(ids).isSubset(of: stack().stored(code)) }
    try stack().site.waitForClicksUnderWay()
    let stored = try stack().stored(code)
    XCTAssertEqual(Set(ids).subtracting(stored), [], "lost")
    XCTAssertEqual(Set(stored).count, stored.count, "stored twice")
    // A request that got no answer may have been recorded before its worker died.
    XCTAssertLessThanOrEqual(stored.count, ids.count + others.count)
  }

  func testAReloadUnderLoadFailsNothing() throws {
    let code = try hotLink("https://example.com/reload")
    let traffic = Traffic(try stack().site, code: code)
    for _ in 0..<4 {
      Thread.sleep(forTimeInterval: 0.5)
      kill(try stack().nginx().master, SIGHUP)
    }
    Thread.sleep(forTimeInterval: 0.5)
    XCTAssertTrue(traffic.reaches(100))
    let (ids, others) = traffic.stopWithIDs()
    XCTAssertEqual(others, [])
    try assertStored(ids, of: code)
  }

  /// nginx's workers as another user, as in production: first one that may not make files in the
  /// journals' folder, then one whose group may.
  func testWithoutRightsToTheJournalsThePoolServesAndTheLogSaysSo() throws {
    if geteuid() != 0 {
      XCTAssertNil(ProcessInfo.processInfo.environment["ALL_TESTS"], "no test may be left out")
      throw XCTSkip("only root can give nginx another user")
    }
    let code = try hotLink("https://example.com/rights")
    let configuration = try stack().folder + "/nginx/nginx.conf"
    let before = try String(contentsOfFile: configuration, encoding: .utf8)
    func reload(_ text: String) throws {
      try text.write(toFile: configuration, atomically: true, encoding: .utf8)
      let old = try stack().nginx()
      kill(old.master, SIGHUP)
      XCTAssertTrue(
        try eventually(seconds: 20) {
          let now = try stack().nginx().workers
          return !now.isEmpty && Set(now).isDisjoint(with: old.workers)
        })
    }
    for name in ["shortener", "shortener-lookup", "shortener-spare", "analytics", "redis"] {
      XCTAssertEqual(chmod(try stack().value("SWIFTLET_RUN") + "/\(name).sock", 0o666), 0)
    }
    try reload(before.replacing(/(?m)^user .*$/, with: "user nobody nogroup;"))
    var ids: [String] = []
    for _ in 0..<20 {
      let answer = try stack().site.http.get("/\(code)")
      XCTAssertEqual(answer.status, 301)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), false)
    let log = try String(contentsOfFile: stack().folder + "/log/error.log", encoding: .utf8)
    XCTAssertTrue(log.contains("Permission denied; nginx's user must be able to make files there"))

    let journals = try stack().value("JOURNAL_DIR")
    _ = try Command.run("/bin/chgrp", ["nogroup", journals])
    XCTAssertEqual(chmod(journals, 0o2770), 0)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    for _ in 0..<20 {
      ids.append(try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"]))
    }
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), true)
    try assertStored(ids, of: code)
    try reload(before)
  }

  /// As when nginx's user and the relay's share no group.
  func testAJournalThatTheRelayCannotReadHoldsUpNoOther() throws {
    let path = try stack().value("JOURNAL_DIR") + "/00000000deadbeef.ndjson"
    try stack().control("stop", "relay")
    // A link to itself: root can't open that either.
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try stack().control("start", "relay")
    let code = try hotLink("https://example.com/unreadable")
    let id = try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"])
    try assertStored([id], of: code)
    let log = try String(contentsOfFile: stack().folder + "/log/relay.log", encoding: .utf8)
    let lines = log.components(separatedBy: "journals can't be read; the others are published")
    XCTAssertEqual(lines.count, 2, "one line tells of it")
  }

  func testNginxsLogAndTheStoredClicksAgree() throws {
    let since = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -1))
    let code = try hotLink("https://example.com/ledger")
    var ids: [String] = []
    for _ in 0..<30 {
      ids.append(try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"]))
      _ = try stack().site.http.get("/\(code)", [("Sec-Purpose", "prefetch")])
    }
    try assertStored(ids, of: code)
    var output = ""
    let agrees = try eventually(seconds: 20) {
      let run = try Command.run(
        TestStack.programs.appendingPathComponent("swiftlet").path,
        [
          "clicks", "reconcile", "--since", since, "--log", stack().folder + "/log/access.log",
          "--json",
        ], environment: stack().variables)
      output = run.output
      let answered = output.matches(of: /"answered":(\d+)/).compactMap { Int($0.1) }.reduce(0, +)
      return run.status == 0 && answered >= 30
    }
    XCTAssertTrue(agrees, output)
  }
}
