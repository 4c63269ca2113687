import Foundation
import TestSupport
import XCTest

/// What nginx remembers of a link, and when it asks Redis again: by a page of generations that the test
/// itself writes.
final class FastPathChangeSiteTests: FastPathTestCase {
  private let before = "https://example.com/before"
  private let after = "https://example.com/after"

  /// Lets nginx remember a link that leads elsewhere by now.
  private func staleLink(_ fast: FastSite) throws -> String {
    let code = freshCode()
    try fast.plant(code, before)
    XCTAssertEqual(try fast.location(code), before)
    try fast.plant(code, after)
    return code
  }

  /// Whether a link is answered as it is remembered for much longer than the half second that is allowed
  /// without a fresh beat.
  ///
  /// A busy machine may hold up the beat or nginx, which then asks again. Each worker of nginx looks for
  /// a page once a second. So this is tried for a while.
  private func assertRemembers(
    _ fast: FastSite, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let isRemembered = try eventually(seconds: 5) {
      let code = try staleLink(fast)
      let end = GenerationPage.now + 1500
      while GenerationPage.now < end {
        guard try fast.location(code) == before else { return false }
      }
      return true
    }
    XCTAssertTrue(isRemembered, "nginx always asks again within 1.5 s", file: file, line: line)
  }

  func testALinkIsRememberedWhileItsSlotStandsAndAskedForAtOnceWhenItIsCounted() throws {
    let fast = try FastSite(workers: 2)
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    defer { heart.stop() }
    try assertRemembers(fast)
    for _ in 0..<20 {
      let code = try staleLink(fast)
      page.bump(code)
      // Both workers, and whatever they share.
      for _ in 0..<6 { XCTAssertEqual(try fast.location(code), after) }
    }
  }

  func testWhatOneWorkerWasToldTheOthersNeedNotAskFor() throws {
    let fast = try FastSite(workers: 4)
    let heart = Heartbeat(try GenerationPage(in: fast.state.path))
    defer { heart.stop() }
    let isShared = try (1...30).contains { _ in
      let code = freshCode()
      try fast.plant(code, before)
      let gets = try fast.gets()
      for _ in 0..<60 { XCTAssertEqual(try fast.location(code), before) }
      return try fast.gets() == gets + 1
    }
    XCTAssertTrue(isShared)
  }

  func testEachKindOfRequestGoesByTheSameRule() throws {
    let fast = try FastSite()
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    defer { heart.stop() }
    let requests: [(String, [(String, String)])] = [
      ("GET", []), ("HEAD", []), ("GET", [("Sec-Purpose", "prefetch")]),
    ]
    for (method, fields) in requests {
      let code = freshCode()
      for number in 1...4 {
        let url = "https://example.com/\(number)"
        // With an id and without, in turns.
        try fast.plant(code, number % 2 == 0 ? "=471\(number) \(url)" : url)
        page.bump(code)
        for target in [code, code, "\(code)?x=y"] {
          XCTAssertEqual(try fast.location(target, method, fields), url, "\(method) \(fields)")
        }
      }
      let lines = try fast.journalLines().filter { $0.contains(code) }
      let ids = lines.map { $0.firstMatch(of: /"link":"(\d+)"/).map { String($0.1) } ?? "-" }
      let clicks = ["-", "4712", "-", "4714"].flatMap { [$0, $0, $0] }
      XCTAssertEqual(ids, method == "GET" && fields.isEmpty ? clicks : [], "\(method) \(fields)")
    }
  }

  func testALeaseIsALookUpAndNeverRemembered() throws {
    let fast = try FastSite()
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    defer { heart.stop() }
    for code in [freshCode(), try staleLink(fast)] {
      try fast.plant(code, "?0123456789abcdef")
      page.bump(code)
      let answer = try fast.http.get("/\(code)")
      assertProblem(answer, 404)
      XCTAssertTrue(try fast.upstream(of: answer).hasSuffix("/shortener-lookup.sock"))
      // The worker with the lease has told Redis; that is no change of the link.
      try fast.plant(code, after)
      XCTAssertEqual(try fast.location(code), after)
    }
  }

  /// The pool's Redis is another one, so both are told.
  func testADisabledLinkIsThePoolsToRefuseUntilItIsEnabled() throws {
    let fast = try FastSite()
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    defer { heart.stop() }
    let code = try staleLink(fast)
    let socket = try TestStack.value("SWIFTLET_RUN") + "/redis.sock"
    try Command.check("/usr/bin/redis-cli", ["-s", socket, "SET", "short_url:\(code)", "!"])
    try fast.plant(code, "!")
    page.bump(code)
    for (method, field) in [("GET", "X-None"), ("HEAD", "X-None"), ("GET", "Sec-Purpose")] {
      let answers = try [code, encoded(code)].map {
        try fast.http.request(method, "/\($0)", [(field, "prefetch")])
      }
      XCTAssertEqual(answers.map(\.status), [410, 410], "\(method) \(field)")
      let heads = answers.map { answer in
        answer.fields.filter { !["x-request-id", "date"].contains($0.name) }
          .map { "\($0.name): \($0.value)" }
      }
      XCTAssertEqual(heads[0], heads[1], "\(method) \(field)")
      XCTAssertEqual(answers[0].body, answers[1].body)
    }
    XCTAssertEqual(try fast.journalLines(), [])
    try fast.plant(code, after)
    page.bump(code)
    XCTAssertEqual(try fast.location(code), after)
  }

  /// No program announces a link that is made: a name that had none is asked for again soon.
  func testANameWithoutALinkIsAskedForAgainAfterHalfASecond() throws {
    let fast = try FastSite()
    let heart = Heartbeat(try GenerationPage(in: fast.state.path))
    defer { heart.stop() }
    let code = freshCode()
    try fast.plant(code, "")
    assertProblem(try fast.http.get("/\(code)"), 404)
    try fast.plant(code, after)
    XCTAssertTrue(try eventually(seconds: 20) { try fast.location(code) == after })
  }

  func testWithoutABeatALinkIsRememberedForHalfASecond() throws {
    let fast = try FastSite()
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    try assertRemembers(fast)
    heart.stop()
    let code = try staleLink(fast)
    XCTAssertTrue(try eventually(seconds: 20) { try fast.location(code) == after })
    // Then Redis is asked twice a second, and not for each request.
    let (gets, start) = (try fast.gets(), GenerationPage.now)
    for _ in 0..<300 { XCTAssertEqual(try fast.location(code), after) }
    let halves = Int((GenerationPage.now - start) / 500)
    XCTAssertLessThanOrEqual(try fast.gets(), gets + halves + 2)
    // A change that is counted is seen at once all the same.
    try fast.plant(code, before)
    page.bump(code)
    XCTAssertEqual(try fast.location(code), before)
    let next = Heartbeat(page)
    defer { next.stop() }
    try assertRemembers(fast)
  }

  func testAPageThatComesLateOrTakesTheOldOnesPlaceIsGoneBy() throws {
    let fast = try FastSite(workers: 2)
    XCTAssertEqual(try fast.location(staleLink(fast)), before)
    var pages: [GenerationPage] = []
    for _ in 0..<2 {
      // Nothing beats into the page before it.
      let page = try GenerationPage(in: fast.state.path)
      let heart = Heartbeat(page)
      defer { heart.stop() }
      try assertRemembers(fast)
      let code = try staleLink(fast)
      page.bump(code)
      XCTAssertEqual(try fast.location(code), after)
      pages.append(page)
    }
    let log = try fast.nginx.log("error.log").split(separator: "\n")
    XCTAssertLessThanOrEqual(log.count { $0.contains("No such file") }, 2, "a line for each worker")
  }

  func testNewWorkersGoByThePage() throws {
    let fast = try FastSite()
    let page = try GenerationPage(in: fast.state.path)
    let heart = Heartbeat(page)
    defer { heart.stop() }
    for _ in 0..<3 {
      let code = try staleLink(fast)
      page.bump(code)
      try fast.nginx.reload()
      // What the old workers shared is known to be stale.
      XCTAssertEqual(try fast.location(code), after)
      try assertRemembers(fast)
    }
  }

  func testASiteFileOfTheReleaseBeforeStillServes() throws {
    let fast = try FastSite(edit: { $0.replacing(/\n *state_dir = .*/, with: "") })
    let heart = Heartbeat(try GenerationPage(in: fast.state.path))
    defer { heart.stop() }
    let code = try staleLink(fast)
    XCTAssertTrue(try eventually(seconds: 20) { try fast.location(code) == after })
    let log = try fast.nginx.log("nginx.log")
    XCTAssertTrue(log.contains("print it again by `swiftlet site`"), log)
  }

  func testWithoutRightsToTheStateDirectoryNginxServesAndTheLogSaysWhatToDo() throws {
    if geteuid() != 0 {
      XCTAssertNil(ProcessInfo.processInfo.environment["ALL_TESTS"], "no test may be left out")
      throw XCTSkip("only root can give nginx another user")
    }
    let fast = try FastSite(user: ("nobody", "nogroup"))
    let heart = Heartbeat(try GenerationPage(in: fast.state.path))
    defer { heart.stop() }
    let code = try staleLink(fast)
    XCTAssertTrue(try eventually(seconds: 20) { try fast.location(code) == after })
    let log = try fast.nginx.log("error.log").split(separator: "\n")
    XCTAssertEqual(log.count { $0.contains("Permission denied") }, 1, "\(log)")
    XCTAssertTrue(log.contains { $0.contains("chmod o+x") }, "\(log)")
    chmod(fast.state.path, 0o711)
    try assertRemembers(fast)
    XCTAssertTrue(try fast.nginx.log("error.log").contains("changes of links are heard again"))
  }
}
